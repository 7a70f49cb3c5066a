import { stale } from '../../../contracts/errors.ts';
import type { Preferences } from '../../../contracts/notifications/preferences.ts';
import { absent, equals } from '../../platform/table/fragment.ts';
import type { Item, Table } from '../../platform/table/types.ts';
import { defaultPreferences } from '../domain/preferences.ts';
import type { PreferenceStore } from '../ports.ts';
import { preferencesKey } from './keys.ts';

export function preferencesFrom(item: Item | undefined): Preferences {
  if (item === undefined) return defaultPreferences;
  const { pk: _pk, sk: _sk, ...preferences } = item;
  return preferences as unknown as Preferences;
}

export const createPreferenceStore = (table: Table): PreferenceStore => ({
  async find(userId) {
    return preferencesFrom(await table.get(preferencesKey(userId)));
  },

  put(userId, preferences) {
    const before = preferences.version - 1;
    const condition = before === 0 ? absent : equals('version', before);
    return { put: { ...preferencesKey(userId), ...preferences }, condition, otherwise: stale };
  },
});
