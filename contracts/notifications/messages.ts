export const notificationMessages = {
  'notification.read': { en: 'notification marked as read', ko: '알림이 읽음 처리되었습니다' },
  'notification.all_read': { en: 'all notifications marked as read', ko: '모든 알림이 읽음 처리되었습니다' },
  'notification.deleted': { en: 'notification deleted', ko: '알림이 삭제되었습니다' },
} as const;
