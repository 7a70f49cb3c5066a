export const credentialMessages = {
  'credential.deleted': { en: 'credential deleted', ko: '자격증명이 삭제되었습니다' },
  'credential.in_use': { en: 'cannot delete credential: it is in use', ko: '사용 중인 자격증명은 삭제할 수 없습니다' },
  'credential.account_in_use': {
    en: 'cannot change credential: machines of its account use it, and the role is of another account',
    ko: '이 계정의 가상 머신이 사용 중이므로 다른 계정의 역할로 바꿀 수 없습니다',
  },
  'credential.verified': { en: 'the cloud accepts the credential', ko: '클라우드가 자격증명을 승인했습니다' },
  'credential.rejected': {
    en: 'the cloud does not accept the credential',
    ko: '클라우드가 자격증명을 승인하지 않았습니다',
  },
  'credential.role_not_assumable': {
    en: 'the role can not be assumed: check that it exists and has the trust policy of this credential',
    ko: '역할을 맡을 수 없습니다. 역할이 있는지, 이 자격증명의 신뢰 정책이 적용되어 있는지 확인하세요',
  },
  'credential.external_id_not_checked': {
    en: 'the role lets us in with any external id: others could use it through us, so give it the trust policy of this credential',
    ko: '역할이 외부 ID를 확인하지 않아 다른 사람이 이용할 수 있습니다. 이 자격증명의 신뢰 정책을 적용하세요',
  },
  'credential.region_unknown': {
    en: 'the cloud has no region of this name',
    ko: '클라우드에 이 이름의 리전이 없습니다',
  },
  'credential.not_verified': {
    en: 'the credential has to be verified before it can be active',
    ko: '활성화하려면 먼저 자격증명을 검증해야 합니다',
  },
  'credential.provider_not_available': {
    en: 'cannot verify credential: {provider} is not available yet',
    ko: '{provider} 프로바이더는 아직 지원하지 않아 자격증명을 검증할 수 없습니다',
  },
  'credential.unreadable': {
    en: 'the stored secret can not be decrypted: store it again',
    ko: '저장된 비밀을 복호화할 수 없습니다. 다시 저장하세요',
  },
  'credential.inactive': { en: 'the credential is not active', ko: '비활성 자격증명입니다' },
  'credential.other_provider': {
    en: 'the credential is of another provider: {provider}',
    ko: '다른 프로바이더({provider})의 자격증명입니다',
  },
} as const;
