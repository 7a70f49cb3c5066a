import { principalKey, readPrincipal } from '../../platform/auth/principal.ts';
import { keyPrefix, key } from '../../platform/table/key.ts';
import type { Table } from '../../platform/table/types.ts';
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
      return { userId, principal: principal && readPrincipal(principal), presence: presence && readPresence(presence) };
    });
  },

  async membersOf(workspaceId) {
    const rows = await table.queryAll({ pk: key('WS', workspaceId), prefix: keyPrefix('MEMBER') });
    return rows.map((row) => String(row['user_id']));
  },

  async admins() {
    const item = await table.get({ pk: 'SYSTEM', sk: 'ADMINS' });
    return [...((item?.['ids'] as Set<string> | undefined) ?? [])];
  },
});
