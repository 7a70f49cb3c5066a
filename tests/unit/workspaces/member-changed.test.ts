import { describe, expect, it } from 'vitest';
import type { Item } from '../../../functions/platform/table/types.ts';
import { memberChanged } from '../../../functions/workspaces/index.ts';

const row: Item = { pk: 'WS#w', sk: 'MEMBER#u', type: 'member', workspace_id: 'w', user_id: 'u', role: 'viewer' };
const change = { type: 'member', id: 'stream-1', at: '2026-02-01T00:00:09.000Z' };

describe('a row of a member', () => {
  it('that is new is told, by ids alone', () => {
    expect(memberChanged({ ...change, event: 'INSERT', after: row })).toEqual([
      { notify: { type: 'member_added', workspace_id: 'w', user_id: 'u' } },
    ]);
  });

  it('that changes or goes is told to nobody: what completes it would call itself', () => {
    expect(memberChanged({ ...change, event: 'MODIFY', before: row, after: { ...row, name: 'Minji' } })).toEqual([]);
    expect(memberChanged({ ...change, event: 'REMOVE', before: row })).toEqual([]);
  });
});
