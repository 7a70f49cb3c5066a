import { userStore } from '../../identity/index.ts';
import type { Table } from '../../platform/table/types.ts';
import { rolesIn } from '../../workspaces/index.ts';
import type { Recipients } from '../ports.ts';
import { preferencesKey, stateKey } from './keys.ts';
import { preferencesFrom } from './preference-store.ts';
import { stateFrom } from './state-item.ts';

export const createRecipients = (table: Table): Recipients => ({
  rolesIn: rolesIn(table),

  async find(userIds) {
    const [people, items] = await Promise.all([
      userStore(table).getMany(userIds),
      table.getMany(userIds.flatMap((id) => [preferencesKey(id), stateKey(id)])),
    ]);
    const byKey = new Map(items.map((item) => [`${item.pk} ${item.sk}`, item]));
    const itemOf = ({ pk, sk }: { pk: string; sk: string }) => byKey.get(`${pk} ${sk}`);
    const active = people.filter(({ is_active }) => is_active);
    return active.map(({ id }) => ({
      id,
      preferences: preferencesFrom(itemOf(preferencesKey(id))),
      state: stateFrom(itemOf(stateKey(id))),
    }));
  },
});
