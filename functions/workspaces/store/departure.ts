import { stale } from '../../../contracts/errors.ts';
import type { WorkspaceRole } from '../../../contracts/shared/permissions.ts';
import { revokeMembership } from '../../platform/auth/memberships.ts';
import { equals } from '../../platform/table/fragment.ts';
import type { Item, Table, Write } from '../../platform/table/types.ts';
import { usedOf } from '../domain/quota.ts';
import { memberKey, quotaKey, workspaceKey } from './keys.ts';
import { quotaFrom } from './quota-move.ts';
import { createQuotaStore } from './quota-store.ts';
import { createWorkspaceStore, fromItem } from './workspace-store.ts';

type Memberships = Readonly<Record<string, WorkspaceRole>>;

/** How a user who is being deleted leaves its workspaces. Each is held as it was read: what comes in meanwhile refuses the write. */
export function createDepartures(table: Table) {
  const quotas = createQuotaStore(table);
  const workspaces = createWorkspaceStore(table);
  const leaveRow = (userId: string, workspaceId: string, role: WorkspaceRole): Write[] => [
    {
      delete: memberKey(workspaceId, userId),
      condition: equals('role', role),
      otherwise: stale,
    },
    quotas.countMembers(workspaceId, { members: -1, owners: role === 'owner' ? -1 : 0 }),
  ];
  const ownFrom = (userId: string, item: Item, quotaItem: Item) => {
    const [workspace, quota] = [fromItem(item), quotaFrom(quotaItem)];
    const { id, name } = workspace;
    const row: Write = {
      delete: memberKey(id, userId),
      condition: equals('role', 'owner'),
      otherwise: stale,
    };
    return {
      id,
      name,
      vms: usedOf(quota, 'vms'),
      credentials: usedOf(quota, 'credentials'),
      members: quota.members - 1,
      // What it holds is counted; while that is nothing, this ends it.
      end: [quotas.remove(id, quota), ...workspaces.remove(workspace), row],
    };
  };
  return {
    /** Those of these that are the user's own, in one trip. The quota that is held counts all that is in one. */
    async own(userId: string, ids: readonly string[]) {
      const items = await table.getMany(ids.flatMap((id) => [workspaceKey(id), quotaKey(id)]));
      const quotaIn = ({ pk }: Item) => items.find((item) => item.pk === pk && item.sk === 'QUOTA');
      return items.flatMap((item) => {
        const quota = item.sk === 'WS' && item['owner_id'] === userId ? quotaIn(item) : undefined;
        return quota === undefined ? [] : [ownFrom(userId, item, quota)];
      });
    },

    /** One that holds nothing ends ahead of the user, where there are too many for one transaction. */
    end: (userId: string, { id, end }: { id: string; end: readonly Write[] }): Promise<void> =>
      table.transact([...end, revokeMembership(userId, id, { disowns: true })]),

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
