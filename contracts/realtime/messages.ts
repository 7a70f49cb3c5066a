export const realtimeMessages = {
  'socket.authenticate_first': { en: 'send auth or guest first', ko: '먼저 auth 또는 guest를 보내세요' },
  'socket.token_expired': {
    en: 'the token has expired, send auth with a fresh one',
    ko: '토큰이 만료되었습니다. 새 토큰으로 auth를 보내세요',
  },
  'socket.other_user': { en: 'this connection is already of a user', ko: '이미 다른 사용자의 연결입니다' },
  'socket.guest_topics': {
    en: 'a guest may subscribe to event:<id> only',
    ko: '게스트는 event:<id>만 구독할 수 있습니다',
  },
  'socket.too_many_topics': {
    en: 'a connection holds at most {max} topics',
    ko: '연결 하나는 토픽을 {max}개까지 구독할 수 있습니다',
  },
  'socket.too_many_requests': {
    en: 'this connection has asked too much, open another',
    ko: '요청이 너무 많은 연결입니다. 다시 연결하세요',
  },
  'socket.too_many_connections': {
    en: 'closed, since you opened more than {max} connections',
    ko: '연결이 {max}개를 넘어 이 연결을 닫습니다',
  },
  'socket.too_large': { en: 'a message has at most {max} bytes', ko: '메시지는 {max}바이트까지입니다' },
} as const;
