import { conflict, notFound, stale, unauthorized } from '../../../contracts/errors.ts';
import { maxApiKeysPerUser } from '../../../contracts/identity/api-key.ts';
import { apiKeyKey, hashApiKey } from '../../platform/auth/api-key.ts';
import { roleOfKey } from '../../platform/auth/count-api-key.ts';
import { principalKey, readPrincipal } from '../../platform/auth/principal.ts';
import { absent, exists } from '../../platform/table/fragment.ts';
import type { Item, Table, Write } from '../../platform/table/types.ts';
import type { ApiKey } from '../domain/api-key.ts';
import type { ApiKeyStore } from '../ports.ts';
import { apiKeysOf } from './keys.ts';

const textOrNull = (value: unknown) => (typeof value === 'string' ? value : null);

const fromItem = (item: Item): ApiKey => ({
  id: String(item['id']),
  name: String(item['name']),
  prefix: String(item['prefix']),
  role: roleOfKey(item),
  expires_at: textOrNull(item['expires_at']),
  created_at: String(item['created_at']),
  last_used_at: textOrNull(item['last_used_at']),
});

/** Without what is null: the condition of each call asks whether there is an end. */
const toItem = (userId: string, key: ApiKey, text: string): Item => ({
  ...apiKeyKey({ userId, keyId: key.id }),
  type: 'api_key',
  id: key.id,
  user_id: userId,
  name: key.name,
  prefix: key.prefix,
  role: key.role,
  ...(key.expires_at !== null && { expires_at: key.expires_at }),
  created_at: key.created_at,
  hash: hashApiKey(text),
  win: 0,
  n: 0,
});

function refuseOneMore(old: Item | undefined, sessionId: string): Error {
  const principal = old && readPrincipal(old);
  if (principal?.active !== true || !Object.hasOwn(principal.sessions, sessionId)) return unauthorized();
  return conflict('apikey.limit', { params: { max: maxApiKeysPerUser }, data: { max: maxApiKeysPerUser } });
}

/**
 * The principal counts them (`keys`): the limit holds however many are made at once, and no key is made for a user who is gone, nor by a session that has
 * ended: one that a reset ends leaves none behind.
 */
const oneMore = (userId: string, sessionId: string): Write => ({
  update: principalKey(userId),
  change: { text: 'ADD #keys :one', values: { one: 1 } },
  condition: {
    text: '#state = :active AND attribute_exists(#ss.#sid) AND (attribute_not_exists(#keys) OR #keys < :most)',
    values: { active: 'active', most: maxApiKeysPerUser },
    names: { sid: sessionId },
  },
  otherwise: (old) => refuseOneMore(old, sessionId),
});

const oneLess = (userId: string): Write => ({
  update: principalKey(userId),
  change: { text: 'ADD #keys :minus_one', values: { minus_one: -1 } },
  condition: exists,
  otherwise: () => unauthorized(),
});

export const createApiKeyStore = (table: Table): ApiKeyStore => ({
  async list(userId) {
    return (await table.queryAll(apiKeysOf(userId))).map(fromItem);
  },

  insert: ({ userId, sessionId }, key, text) => [
    oneMore(userId, sessionId),
    { put: toItem(userId, key, text), condition: absent, otherwise: stale },
  ],

  remove: (userId, keyId) => [
    { delete: apiKeyKey({ userId, keyId }), condition: exists, otherwise: notFound },
    oneLess(userId),
  ],
});
