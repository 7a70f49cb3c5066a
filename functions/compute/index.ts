/** What other contexts may call. */
export { askVmDeletion } from './ask-deletion.ts';
export { noticeChanged } from './notice-changed.ts';
export { scheduleRemoval } from './store/schedule-store.ts';
export { vmChanged } from './vm-changed.ts';
