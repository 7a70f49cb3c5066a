import type { WorkspaceRole } from '../../contracts/shared/permissions.ts';
import type { Table } from '../platform/table/types.ts';
import { listMembers } from './store/member-store.ts';
import { createWorkspaceStore } from './store/workspace-store.ts';

export { memberChanged } from './member-changed.ts';
export { createDepartures } from './store/departure.ts';
export { activeCheck, quotaMove } from './store/quota-move.ts';
export { workspaceChanged } from './workspace-changed.ts';

/** The users whom an event of a workspace may reach, as they are now: one strongly consistent query. */
export const membersOf =
  (table: Table) =>
  async (workspaceId: string): Promise<string[]> =>
    (await listMembers(table, workspaceId)).map(({ user_id }) => user_id);

/** Its members' roles as they are now, by user: one strongly consistent query. */
export const rolesIn =
  (table: Table) =>
  async (workspaceId: string): Promise<ReadonlyMap<string, WorkspaceRole>> =>
    new Map((await listMembers(table, workspaceId)).map(({ user_id, role }) => [user_id, role]));

/** Whether things may be made in it: not while it is disabled or going. One strongly consistent read. */
export async function standingOf(table: Table, workspaceId: string): Promise<'active' | 'inactive' | 'gone'> {
  const workspace = await createWorkspaceStore(table).find(workspaceId);
  if (workspace === undefined) return 'gone';
  return workspace.is_active && !workspace.deleting ? 'active' : 'inactive';
}

/** Undefined for one that is gone, or going. */
export const workspaceNameOf =
  (table: Table) =>
  async (workspaceId: string): Promise<string | undefined> => {
    const workspace = await createWorkspaceStore(table).find(workspaceId);
    return workspace?.deleting === false ? workspace.name : undefined;
  };
