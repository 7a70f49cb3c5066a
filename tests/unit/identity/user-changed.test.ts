import { describe, expect, it } from 'vitest';
import { userChanged } from '../../../functions/identity/index.ts';
import type { Item } from '../../../functions/platform/table/types.ts';

const minji: Item = {
  pk: 'USER#u',
  sk: 'USER',
  type: 'user',
  id: 'u',
  name: 'Minji',
  email: 'minji@example.com',
  role: 'user',
  version: 3,
};
const became = (change: object) =>
  userChanged({
    type: 'user',
    event: 'MODIFY',
    before: minji,
    after: { ...minji, version: 4, ...change },
    id: 'stream-1',
    at: '2026-02-01T00:00:09.000Z',
  });

describe('a change of a user', () => {
  it.each([{ name: 'Kim Minji' }, { email: 'Minji@example.com' }])(
    'to %o is told, by id and version, and nothing else of it',
    (change) => {
      expect(became(change)).toEqual([{ notify: { type: 'user_changed', user_id: 'u', version: 4 } }]);
    },
  );

  const noticeOf = (kind: string) => ({ notify: { type: 'notification_due', kind, user_ids: ['u'], params: {} } });

  it('to another address is told to its user, too', () => {
    expect(became({ email: 'kim@example.com' })).toEqual([
      { notify: { type: 'user_changed', user_id: 'u', version: 4 } },
      noticeOf('email_changed'),
    ]);
  });

  it.each([{ password_changes: 1 }, { password_changes: 1, email_verified: true }])(
    'to %o is told to its user alone',
    (change) => {
      expect(became(change)).toEqual([noticeOf('password_changed')]);
    },
  );

  it('of what nobody repeats is told to nobody', () => {
    expect(became({ role: 'admin', profile_image: 'https://example.com/minji.png' })).toEqual([]);
  });

  const change = { type: 'user', id: 'stream-1', at: '2026-02-01T00:00:09.000Z' };

  it('that makes one is told to nobody', () => {
    expect(userChanged({ ...change, event: 'INSERT', after: minji })).toEqual([]);
  });

  it('that removes one is told to who keeps things of it', () => {
    expect(userChanged({ ...change, event: 'REMOVE', before: minji })).toEqual([
      { notify: { type: 'user_deleted', user_id: 'u' } },
    ]);
  });
});
