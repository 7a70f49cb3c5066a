export const credentialMessages = {
  'credential.deleted': { en: 'credential deleted', ko: '자격증명이 삭제되었습니다' },
  'credential.in_use': { en: 'cannot delete credential: it is in use', ko: '사용 중인 자격증명은 삭제할 수 없습니다' },
  'credential.inactive': { en: 'the credential is not active', ko: '비활성 자격증명입니다' },
  'credential.other_provider': {
    en: 'the credential is of another provider: {provider}',
    ko: '다른 프로바이더({provider})의 자격증명입니다',
  },
} as const;
