/** What the rest of its context may call. */
export { listOrphans } from '../store/orphan-store.ts';
