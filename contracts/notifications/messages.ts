export const notificationMessages = {
  'notification.deleted': { en: 'notification deleted', ko: '알림이 삭제되었습니다' },
} as const;
