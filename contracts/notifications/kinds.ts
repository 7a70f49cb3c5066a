export const notificationTypes = ['info', 'success', 'warning', 'error'] as const;
export type NotificationType = (typeof notificationTypes)[number];

/** `urgent` goes out in quiet hours, too. */
export const notificationPriorities = ['low', 'medium', 'high', 'urgent'] as const;
export type NotificationPriority = (typeof notificationPriorities)[number];

/** What a user turns on and off, per channel. */
export const notificationCategories = ['vm', 'workspace', 'account'] as const;
export type NotificationCategory = (typeof notificationCategories)[number];

/** `{place}` is filled from the params; a time (ISO 8601) is written for people. */
interface Words {
  title: string;
  message: string;
}

interface KindSpec {
  category: NotificationCategory;
  type: NotificationType;
  priority: NotificationPriority;
  en: Words;
  ko: Words;
  /** Places whose param is an id, by which the name is looked up as the notification is raised. */
  names?: Readonly<Record<string, 'user' | 'workspace'>>;
  /** Of the users that an event names, those alone are told who are members of its workspace by then. */
  membersOnly?: true;
}

/** Everything that people are notified of. A title stands alone: it is the subject of a mail, too. */
export const notificationKinds = {
  vm_running: {
    category: 'vm',
    membersOnly: true,
    type: 'success',
    priority: 'medium',
    en: { title: 'VM {vm} is running', message: 'The VM {vm} is up and running' },
    ko: { title: 'VM {vm} 실행 중', message: 'VM {vm} 실행이 시작되었습니다' },
  },
  vm_error: {
    category: 'vm',
    membersOnly: true,
    type: 'error',
    priority: 'high',
    en: { title: 'VM {vm} failed', message: 'The VM {vm} is in the state error: {reason}' },
    ko: { title: 'VM {vm} 오류', message: 'VM {vm}에 오류가 발생했습니다: {reason}' },
  },
  vm_deleted: {
    category: 'vm',
    membersOnly: true,
    type: 'info',
    priority: 'low',
    en: { title: 'VM {vm} is deleted', message: 'The VM {vm} and its machine are gone' },
    ko: { title: 'VM {vm} 삭제됨', message: 'VM {vm} 및 해당 머신이 삭제되었습니다' },
  },
  vm_expiring: {
    category: 'vm',
    membersOnly: true,
    type: 'warning',
    priority: 'high',
    en: { title: 'VM {vm} expires soon', message: 'The VM {vm} expires at {expires_at} and is stopped then' },
    ko: { title: 'VM {vm} 곧 만료', message: 'VM {vm}: {expires_at}에 만료되어 중지됩니다' },
  },
  vm_expired: {
    category: 'vm',
    membersOnly: true,
    type: 'warning',
    priority: 'high',
    en: {
      title: 'VM {vm} has expired',
      message: 'The VM {vm} has expired and is {status}; it is deleted at {deletes_at} unless it is given more time',
    },
    ko: {
      title: 'VM {vm} 만료됨',
      message: 'VM {vm}: 만료되었습니다(상태: {status}). 기간을 연장하지 않으면 {deletes_at}에 삭제됩니다',
    },
  },
  schedule_failed: {
    category: 'vm',
    membersOnly: true,
    type: 'warning',
    priority: 'high',
    en: {
      title: 'The schedule could not {action} VM {vm}',
      message: 'The schedule of the workspace could not {action} the VM {vm}: {reason}',
    },
    ko: {
      title: 'VM {vm} 예약 작업({action}) 실패',
      message: '워크스페이스 일정에 따른 VM {vm}의 {action} 작업이 실패했습니다: {reason}',
    },
  },
  workspace_deleted: {
    category: 'workspace',
    type: 'info',
    priority: 'medium',
    en: { title: 'Workspace {workspace} is deleted', message: 'The workspace {workspace} and all it held are gone' },
    ko: { title: '워크스페이스 {workspace} 삭제됨', message: '워크스페이스 {workspace}의 모든 내용이 삭제되었습니다' },
  },
  workspace_delete_failed: {
    category: 'workspace',
    type: 'error',
    priority: 'high',
    en: {
      title: 'Workspace {workspace} could not be deleted',
      message: 'The deletion of the workspace {workspace} stopped: {reason}',
    },
    ko: {
      title: '워크스페이스 {workspace} 삭제 실패',
      message: '워크스페이스 {workspace} 삭제가 중단되었습니다: {reason}',
    },
  },
  member_added: {
    category: 'workspace',
    type: 'info',
    priority: 'medium',
    en: {
      title: 'New member of workspace {workspace}',
      message: '{user} is now a member of the workspace {workspace} (role: {role})',
    },
    ko: {
      title: '워크스페이스 {workspace} 새 구성원',
      message: '{user} 님이 워크스페이스 {workspace}의 구성원이 되었습니다(역할: {role})',
    },
    names: { user: 'user', workspace: 'workspace' },
  },
  member_removed: {
    category: 'workspace',
    type: 'info',
    priority: 'medium',
    en: {
      title: 'A member left workspace {workspace}',
      message: '{user} is no longer a member of the workspace {workspace}',
    },
    ko: {
      title: '워크스페이스 {workspace} 구성원 제외',
      message: '{user} 님은 더 이상 워크스페이스 {workspace}의 구성원이 아닙니다',
    },
    names: { user: 'user', workspace: 'workspace' },
  },
  api_key_made: {
    category: 'account',
    type: 'warning',
    priority: 'high',
    en: {
      title: 'An API key was made',
      message: 'The API key {key} was made for your account; revoke it if this was not you',
    },
    ko: {
      title: 'API 키 생성됨',
      message: '계정에 API 키 {key}가 생성되었습니다. 본인이 아니라면 키를 폐기하세요',
    },
  },
  password_changed: {
    category: 'account',
    type: 'warning',
    priority: 'urgent',
    en: {
      title: 'Your password was changed',
      message: 'The password of your account was changed; reset it at once if this was not you',
    },
    ko: {
      title: '비밀번호 변경됨',
      message: '계정의 비밀번호가 변경되었습니다. 본인이 아니라면 즉시 재설정하세요',
    },
  },
  email_changed: {
    category: 'account',
    type: 'warning',
    priority: 'urgent',
    en: {
      title: 'Your e-mail address was changed',
      message: 'Your account has another e-mail address now; tell an administrator at once if this was not you',
    },
    ko: {
      title: '이메일 주소 변경됨',
      message: '계정의 이메일 주소가 변경되었습니다. 본인이 아니라면 즉시 관리자에게 알리세요',
    },
  },
} as const satisfies Record<string, KindSpec>;

export type NotificationKind = keyof typeof notificationKinds;

type PlacesIn<Text> = Text extends `${string}{${infer Place}}${infer Rest}` ? Place | PlacesIn<Rest> : never;
type PlacesOf<Kind extends NotificationKind> = PlacesIn<
  (typeof notificationKinds)[Kind]['en']['title'] | (typeof notificationKinds)[Kind]['en']['message']
>;

/** What the text of a kind is filled from: a publisher that forgets a place does not compile. */
export type NotificationParams<Kind extends NotificationKind> = Readonly<Record<PlacesOf<Kind>, string>>;
