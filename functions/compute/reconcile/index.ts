/** What the rest of its context may call. */
export { listOrphans, type Orphan } from '../store/orphan-store.ts';
