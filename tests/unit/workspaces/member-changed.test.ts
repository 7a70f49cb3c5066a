import { describe, expect, it } from 'vitest';
import type { Item } from '../../../functions/platform/table/types.ts';
import { memberChanged } from '../../../functions/workspaces/index.ts';

const row: Item = { pk: 'WS#w', sk: 'MEMBER#u', type: 'member', workspace_id: 'w', user_id: 'u', role: 'viewer' };
const change = { type: 'member', id: 'stream-1', at: '2026-02-01T00:00:09.000Z' };

describe('a row of a member', () => {
  const told = {
    type: 'notification_due',
    user_ids: ['u'],
    workspace_id: 'w',
    params: { user: 'u', workspace: 'w', role: 'viewer' },
    link: '/workspaces/w',
  };

  it('that is new is told, by ids alone, to functions of ours and to people', () => {
    expect(memberChanged({ ...change, event: 'INSERT', after: row })).toEqual([
      { notify: { type: 'member_added', workspace_id: 'w', user_id: 'u' } },
      { notify: { ...told, kind: 'member_added' } },
    ]);
  });

  it('of who made the workspace is told to no person', () => {
    expect(memberChanged({ ...change, event: 'INSERT', after: { ...row, founder: true } })).toEqual([
      { notify: { type: 'member_added', workspace_id: 'w', user_id: 'u' } },
    ]);
  });

  it('that changes is told to nobody: what completes it would call itself', () => {
    expect(memberChanged({ ...change, event: 'MODIFY', before: row, after: { ...row, name: 'Minji' } })).toEqual([]);
  });

  it('that goes is told by ids alone, whatever it repeats of its user', () => {
    const before = { ...row, name: 'Minji', email: 'minji@example.com' };
    expect(memberChanged({ ...change, event: 'REMOVE', before })).toEqual([
      { notify: { ...told, kind: 'member_removed' } },
    ]);
  });
});
