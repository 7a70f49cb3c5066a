export const identityMessages = {
  'auth.registered': { en: 'registered', ko: '사용자가 성공적으로 등록되었습니다' },
  'auth.signed_in': { en: 'signed in', ko: '로그인 성공' },
  'auth.signed_out': { en: 'signed out', ko: '로그아웃되었습니다' },
  'auth.wrong_pair': { en: 'wrong e-mail address or password', ko: '이메일 또는 비밀번호가 올바르지 않습니다' },
  'auth.disabled': { en: 'this account is disabled', ko: '비활성화된 계정입니다' },
  'auth.locked': {
    en: 'too many wrong passwords, try again later',
    ko: '비밀번호 오류 횟수를 초과했습니다. 잠시 후 다시 시도하세요',
  },
  'auth.refresh_refused': {
    en: 'sign in again: the refresh token is not valid',
    ko: '리프레시 토큰이 유효하지 않습니다. 다시 로그인하세요',
  },
  'auth.email_verified': { en: 'e-mail address verified', ko: '이메일이 인증되었습니다' },
  'auth.code_sent': { en: 'a code is on its way', ko: '인증 코드를 보냈습니다' },
  'auth.code_sent_if_known': {
    en: 'if an account has this address, a code is on its way to it',
    ko: '이 주소로 가입된 계정이 있으면 인증 코드를 보냈습니다',
  },
  'auth.password_changed': { en: 'password changed', ko: '비밀번호가 변경되었습니다' },
  'auth.wrong_password': { en: 'the current password is wrong', ko: '현재 비밀번호가 올바르지 않습니다' },
  'auth.password_in_work': {
    en: 'this password is being changed by another request',
    ko: '다른 요청이 비밀번호를 변경하는 중입니다',
  },
  'code.wrong': {
    en: 'the code is wrong or has ended',
    ko: '인증 코드가 올바르지 않거나 만료되었습니다',
  },
  'code.locked': {
    en: 'too many wrong codes, try again later',
    ko: '인증 코드 오류 횟수를 초과했습니다. 잠시 후 다시 시도하세요',
  },
  'code.too_many': {
    en: 'too many codes were asked for, try again later',
    ko: '인증 코드를 너무 많이 요청했습니다. 잠시 후 다시 시도하세요',
  },
  'apikey.revoked': { en: 'API key revoked', ko: 'API 키가 폐기되었습니다' },
  'apikey.limit': {
    en: 'there are {max} API keys already, revoke one first',
    ko: 'API 키는 {max}개까지 만들 수 있습니다. 먼저 하나를 폐기하세요',
  },
  'user.deleted': { en: 'user deleted', ko: '사용자가 삭제되었습니다' },
  'user.email_taken': { en: 'this e-mail address is taken', ko: '이미 사용 중인 이메일입니다' },
  'user.email_verified': { en: 'this e-mail address is verified already', ko: '이미 인증된 이메일입니다' },
  'user.last_admin': { en: 'there must be at least one active admin', ko: '활성 관리자가 한 명 이상 있어야 합니다' },
  'user.owns_workspaces': {
    en: 'cannot delete user: workspaces of its own hold VMs, credentials or members, delete them or hand them over first',
    ko: '소유한 워크스페이스에 VM, 자격 증명 또는 멤버가 있어 삭제할 수 없습니다. 먼저 삭제하거나 다른 소유자에게 넘기세요',
  },
} as const;
