import { principalKey, readPrincipal } from '../../platform/auth/principal.ts';
import type { Table } from '../../platform/table/types.ts';
import { membersOf } from '../../workspaces/index.ts';
import type { People } from '../ports.ts';
import { presenceKey } from './keys.ts';
import { readPresence } from './presence-store.ts';

export const createPeople = (table: Table): People => ({
  async read(userIds) {
    const items = await table.getMany(userIds.flatMap((userId) => [principalKey(userId), presenceKey(userId)]));
    const byKey = new Map(items.map((item) => [item.pk, item]));
    return userIds.map((userId) => {
      const principal = byKey.get(principalKey(userId).pk);
      const presence = byKey.get(presenceKey(userId).pk);
      return { userId, rights: principal && readPrincipal(principal), presence: presence && readPresence(presence) };
    });
  },

  membersOf: membersOf(table),

  async admins() {
    // The first admin's registration makes it.
    const item = await table.get({ pk: 'SYSTEM', sk: 'ADMINS' });
    return [...((item?.['ids'] as Set<string> | undefined) ?? [])];
  },
});
