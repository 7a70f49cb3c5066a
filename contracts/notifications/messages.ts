export const notificationMessages = {
  'notification.deleted': { en: 'notification deleted', ko: '알림이 삭제되었습니다' },
  'notification.all_read': { en: 'all notifications marked as read', ko: '모든 알림을 읽음으로 표시했습니다' },
} as const;
