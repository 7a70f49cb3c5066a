/** What other contexts may call. */
export { vmChanged } from './vm-changed.ts';
