import type { Table } from '../platform/table/types.ts';
import { listMembers } from './store/member-store.ts';

export { memberChanged } from './member-changed.ts';
export { createDepartures } from './store/departure.ts';
export { activeCheck, quotaMove } from './store/quota-move.ts';
export { workspaceChanged } from './workspace-changed.ts';

/** The users whom an event of a workspace may reach, as they are now: one strongly consistent query. */
export const membersOf =
  (table: Table) =>
  async (workspaceId: string): Promise<string[]> =>
    (await listMembers(table, workspaceId)).map(({ user_id }) => user_id);
