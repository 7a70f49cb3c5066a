import { conflict } from '../../../contracts/errors.ts';
import type { WorkspaceRole } from '../../../contracts/shared/permissions.ts';
import { revokeMembership } from '../../platform/auth/memberships.ts';
import { equals } from '../../platform/table/fragment.ts';
import type { Table, Write } from '../../platform/table/types.ts';
import { memberKey } from './keys.ts';
import { createQuotaStore } from './quota-store.ts';
import { createWorkspaceStore } from './workspace-store.ts';

type Memberships = Readonly<Record<string, WorkspaceRole>>;

/** How a user who is being deleted leaves the workspaces that are not its own. Each membership is held as the principal showed it. */
export function createDepartures(table: Table) {
  const quotas = createQuotaStore(table);
  const workspaces = createWorkspaceStore(table);
  const leaveRow = (userId: string, workspaceId: string, role: WorkspaceRole): Write[] => [
    {
      delete: memberKey(workspaceId, userId),
      condition: equals('role', role),
      otherwise: () => conflict('version.stale'),
    },
    quotas.countMembers(workspaceId, { members: -1, owners: role === 'owner' ? -1 : 0 }),
  ];
  return {
    /** Two writes a membership. The user's principal is not among them: it goes whole, in the same transaction. */
    writes: (userId: string, memberships: Memberships): Write[] =>
      Object.entries(memberships).flatMap(([id, role]) => leaveRow(userId, id, role)),

    /** One membership ahead of the others, where there are too many for one transaction. */
    leave: (userId: string, workspaceId: string, role: WorkspaceRole): Promise<void> => {
      // An owner may have become the one whose workspace it is: that needs an heir.
      const held = role === 'owner' ? [workspaces.assertNotOwnedBy(workspaceId, userId)] : [];
      return table.transact([...leaveRow(userId, workspaceId, role), revokeMembership(userId, workspaceId), ...held]);
    },
  };
}
