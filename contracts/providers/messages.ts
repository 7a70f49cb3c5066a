export const providerMessages = {
  'provider.refused': {
    en: 'the provider refused: {said}',
    ko: '프로바이더가 거부했습니다: {said}',
  },
  'provider.credential_rejected': {
    en: 'the provider does not take the credential: {said}',
    ko: '프로바이더가 자격증명을 받아들이지 않습니다: {said}',
  },
  'provider.unavailable': {
    en: 'the provider does not answer just now, try again',
    ko: '프로바이더가 지금 응답하지 않습니다. 다시 시도하세요',
  },
} as const;
