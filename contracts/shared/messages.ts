export const sharedMessages = {
  'input.invalid': { en: 'the request does not fit', ko: '요청이 올바르지 않습니다' },
  'input.malformed_json': { en: 'the body is not valid JSON', ko: '본문이 올바른 JSON이 아닙니다' },
  'input.too_large': { en: 'the body is over {max} bytes', ko: '본문이 {max}바이트를 넘습니다' },
  'input.method': { en: '{method} is not allowed here', ko: '{method} 메서드는 여기서 쓸 수 없습니다' },
  'auth.required': { en: 'a valid token or API key is required', ko: '유효한 토큰 또는 API 키가 필요합니다' },
  'auth.forbidden': { en: 'your role does not allow this', ko: '이 작업을 할 권한이 없습니다' },
  'auth.session_only': {
    en: 'this takes a signed-in session, not an API key',
    ko: 'API 키로는 할 수 없습니다. 로그인한 세션이 필요합니다',
  },
  'thing.not_found': { en: 'not found', ko: '찾을 수 없습니다' },
  'rate.limited': { en: 'too many requests, try again later', ko: '요청이 너무 많습니다. 잠시 후 다시 시도하세요' },
  'version.stale': { en: 'it was changed by someone else meanwhile', ko: '그사이 다른 사람이 변경했습니다' },
  'idempotency.other_request': {
    en: 'this idempotency key was used with another request',
    ko: '이 멱등 키는 다른 요청에 이미 사용되었습니다',
  },
  'idempotency.in_flight': {
    en: 'a request with this idempotency key is at work already',
    ko: '이 멱등 키의 요청이 이미 처리 중입니다',
  },
  'internal.error': { en: 'something went wrong on our side', ko: '서버에 문제가 발생했습니다' },
  'service.unavailable': {
    en: 'a service we need is not available, try again',
    ko: '필요한 서비스를 사용할 수 없습니다. 다시 시도하세요',
  },
} as const;
