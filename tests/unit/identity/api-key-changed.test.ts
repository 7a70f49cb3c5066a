import { describe, expect, it } from 'vitest';
import { apiKeyChanged } from '../../../functions/identity/index.ts';
import type { Item } from '../../../functions/platform/table/types.ts';

const key: Item = {
  pk: 'USER#u',
  sk: 'APIKEY#k',
  type: 'api_key',
  id: 'k',
  user_id: 'u',
  name: 'deployments',
  prefix: 'sk_abcd',
  hash: 'the hash of the key',
};
const change = { type: 'api_key', id: 'stream-1', at: '2026-02-01T00:00:09.000Z' } as const;

describe('a change of an API key', () => {
  it('that makes it is told to its user by name, and holds nothing of the key itself', () => {
    const effects = apiKeyChanged({ ...change, event: 'INSERT', after: key });
    expect(effects).toEqual([
      { notify: { type: 'notification_due', kind: 'api_key_made', user_ids: ['u'], params: { key: 'deployments' } } },
    ]);
    expect(JSON.stringify(effects)).not.toMatch(/hash|sk_/);
  });

  it('that counts a call, or ends it, is told to nobody', () => {
    const used = { ...key, last_used_at: '2026-02-01T00:00:08.000Z' };
    expect(apiKeyChanged({ ...change, event: 'MODIFY', before: key, after: used })).toEqual([]);
    expect(apiKeyChanged({ ...change, event: 'REMOVE', before: key })).toEqual([]);
  });
});
