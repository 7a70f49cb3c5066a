import { describe, expect, it } from 'vitest';
import type { Seat } from '../../../functions/realtime/domain/audience.ts';
import type { PushedEvent } from '../../../functions/realtime/ports.ts';
import { pushEvent } from '../../../functions/realtime/use-cases/push-event.ts';
import { now, place, rights, workspaceId } from './stubs.ts';

const event: PushedEvent = {
  type: 'vm_status_changed',
  workspace_id: workspaceId,
  data: { vm_id: 'v', workspace_id: workspaceId, status: 'running', previous: 'pending', timestamp: now.toISOString() },
  version: 4,
  id: 'e',
  timestamp: now.toISOString(),
};

const users = {
  member: { rights, presence: { m1: place, m2: place } },
  admin: { rights: { ...rights, role: 'admin', memberships: {} }, presence: { a1: place } },
  out: { rights: { ...rights, sessions: {} }, presence: { o1: place } },
} as const;

async function push(of: PushedEvent, outcome: (seat: Seat) => 'gone' | 'failed' | 'sent' = () => 'sent') {
  const seen = {
    sent: [] as string[],
    messages: [] as unknown[],
    released: [] as string[],
    closed: [] as string[],
    logged: 0,
  };
  const idOf = ({ connectionId }: Seat) => connectionId;
  const pushed = pushEvent(of, {
    people: {
      membersOf: async (id) => (id === workspaceId ? ['member', 'out'] : []),
      admins: async () => ['admin'],
      read: async (ids) => ids.map((userId) => ({ userId, ...users[userId as keyof typeof users] })),
    },
    presences: { release: async (seats) => void seen.released.push(...seats.map(idOf)) },
    sockets: {
      post: async () => true,
      close: async (id) => void seen.closed.push(id),
      postAll: async (seats, message) => {
        seen.messages.push(message);
        seen.sent.push(...seats.filter((seat) => outcome(seat) === 'sent').map(idOf));
        const failed = seats
          .filter((seat) => outcome(seat) === 'failed')
          .map((seat) => ({ seat, error: new Error('500') }));
        return { gone: seats.filter((seat) => outcome(seat) === 'gone'), failed };
      },
    },
    now: () => now,
    log: { error: () => (seen.logged += 1) },
  });
  const error = await pushed.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { ...seen, error };
}

describe('a push', () => {
  it('sends the event to its audience, without saying whom it was addressed to', async () => {
    const { sent, messages } = await push(event);
    expect(sent).toEqual(['m1', 'm2']);
    const { workspace_id: _, ...message } = event;
    expect(messages).toEqual([message]);
  });

  it('reaches several audiences at once, each connection once', async () => {
    const { sent } = await push({ ...event, audience: 'admins', user_id: 'member' });
    expect(sent.toSorted()).toEqual(['a1', 'm1', 'm2']);
  });

  it('closes the connections of who has signed out', async () => {
    const { closed, released } = await push(event);
    expect([closed, released]).toEqual([['o1'], ['o1']]);
  });

  it('forgets a connection that is gone', async () => {
    const { released, sent, error } = await push(event, ({ connectionId }) =>
      connectionId === 'm1' ? 'gone' : 'sent',
    );
    expect([released, sent, error]).toEqual([['m1', 'o1'], ['m2'], undefined]);
  });

  it('fails when one socket failed, after the others were served', async () => {
    const { sent, released, error, logged } = await push(event, ({ connectionId }) =>
      connectionId === 'm1' ? 'failed' : 'sent',
    );
    expect(sent).toEqual(['m2']);
    expect(released).toEqual(['o1']);
    expect(error).toEqual(new Error('cannot push vm_status_changed e: 1 of 2 sockets failed'));
    expect(logged).toBe(1);
  });
});
