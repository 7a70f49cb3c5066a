import { createHash } from 'node:crypto';
import { unauthorized } from '../../../contracts/errors.ts';
import type { AnswerMessage } from '../../../contracts/realtime/server-messages.ts';
import type { Person, Rights } from '../../../functions/realtime/domain/audience.ts';
import type { Place } from '../../../functions/realtime/domain/presence.ts';
import type { Connection } from '../../../functions/realtime/ports.ts';
import type { SocketDependencies } from '../../../functions/realtime/use-cases/socket-dependencies.ts';

export const now = new Date('2026-01-01T00:00:00Z');
export const userId = '01926f3c-7b4e-7d10-9c3a-00000000abcd';
export const workspaceId = '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a';
export const place: Place = { sid: 'session', exp: now.getTime() / 1_000 + 60, at: 1, on: [], off: [] };
export const rights: Rights = {
  role: 'user',
  active: true,
  memberships: { [workspaceId]: 'viewer' },
  sessions: { session: {} },
};

export interface World {
  /** Whose the connection is: `userId`’s, unless said otherwise. */
  connection?: Omit<Connection, 'id'>;
  person?: Partial<Person>;
  evicts?: string[];
  /** What a method throws, by its name. */
  throws?: Record<string, unknown>;
}

/** What is around a socket, as the test says it is, and what was asked of it. */
export function stubs({ connection = { guest: false, userId }, person = {}, evicts = [], throws = {} }: World = {}) {
  const asked: unknown[][] = [];
  const posted: [string, AnswerMessage][] = [];
  const closed: string[] = [];
  const note = <Value>(name: string, value: Value, ...given: unknown[]): Value => {
    asked.push([name, ...given]);
    if (name in throws) throw throws[name];
    return value;
  };
  const dependencies: SocketDependencies = {
    connections: {
      open: async (id) => note('open', undefined, id),
      count: async (id) => note('count', { id, ...connection }),
      countPing: async (id) => note('countPing', undefined, id),
      identify: async (id, userId) => note('identify', undefined, id, userId),
      admitGuest: async (id) => note('admitGuest', undefined, id),
      addGuestTopics: async (id, topics) => note('addGuestTopics', undefined, id, topics),
      dropGuestTopics: async (id, topics) => note('dropGuestTopics', undefined, id, topics),
      remove: async (id) => note('remove', { id, ...connection }, id),
      removeUnidentified: async (id) => note('removeUnidentified', connection.userId === undefined, id),
    },
    presences: {
      claim: async (userId, id, session) => note('claim', evicts, userId, id, session),
      retopic: async (userId, id, known, change) => note('retopic', undefined, userId, id, change(known)),
      release: async (seats) => note('release', undefined, seats),
    },
    people: {
      read: async () => [{ userId, rights, presence: { socket: place }, ...person }],
      membersOf: async () => [],
      admins: async () => [],
    },
    sockets: {
      post: async (id, message) => {
        note('post', undefined);
        posted.push([id, message]);
        return true;
      },
      postAll: async () => ({ gone: [], failed: [] }),
      close: async (id) => void closed.push(id),
    },
    timeouts: { schedule: async (id) => note('schedule', undefined, id) },
    verifyToken: async (token) => {
      if (token !== 'good') throw unauthorized();
      return { userId, sessionId: 'session', expiresAt: 5 };
    },
    originSecretHashes: [createHash('sha256').update('secret').digest('hex')],
    now: () => now,
    log: { error: (text) => void asked.push(['log', text]) },
  };
  const askedOf = (name: string) => asked.filter(([of]) => of === name).map(([, ...given]) => given);
  return { dependencies, asked, askedOf, posted, closed };
}
