import { apiKeyKey } from '../../platform/auth/api-key.ts';
import { exists } from '../../platform/table/fragment.ts';
import type { Table } from '../../platform/table/types.ts';
import { type ApiKeyRemoval, KeysMoved } from '../ports.ts';
import { apiKeysOf } from './keys.ts';

/** Ends API keys; it can make none. */
export const createApiKeyRemoval = (table: Table): ApiKeyRemoval => ({
  async ids(userId) {
    const items = await table.queryAll(apiKeysOf(userId));
    return items.map(({ id }) => String(id));
  },

  removeAll: (userId, ids) =>
    ids.map((keyId) => ({
      delete: apiKeyKey({ userId, keyId }),
      condition: exists,
      otherwise: () => new KeysMoved(),
    })),
});
