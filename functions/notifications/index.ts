/** What other contexts may call. */
export { notificationChanged } from './notification-changed.ts';
