import { createHash, randomUUID } from 'node:crypto';
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { unauthorized } from '../../../contracts/errors.ts';
import type { WorkspaceRole } from '../../../contracts/shared/permissions.ts';
import { grantMembership, revokeMembership } from '../../../functions/platform/auth/memberships.ts';
import { newPrincipal, principalKey } from '../../../functions/platform/auth/principal.ts';
import { singleTry } from '../../../functions/platform/retry/single-try.ts';
import type { Table } from '../../../functions/platform/table/types.ts';
import { createSocketHandler } from '../../../functions/realtime/handle-socket.ts';
import type { People, PushedEvent } from '../../../functions/realtime/ports.ts';
import { createConnectionStore } from '../../../functions/realtime/store/connection-store.ts';
import { createPeople } from '../../../functions/realtime/store/people.ts';
import { createPresenceStore } from '../../../functions/realtime/store/presence-store.ts';
import { createSockets } from '../../../functions/realtime/store/sockets.ts';
import { pushEvent } from '../../../functions/realtime/use-cases/push-event.ts';
import type { SocketDependencies } from '../../../functions/realtime/use-cases/socket-dependencies.ts';
import type { Backend } from '../../support/in-process-backend.ts';
import { openSocket, type SocketClient } from './client.ts';
import { edgeHeaders, type Gateway, startGateway } from './gateway.ts';

/** The sessions that everybody has, as long as real ones. */
export const here = '01926f3c-7b4e-7d10-9c3a-00000000aaaa';
export const there = '01926f3c-7b4e-7d10-9c3a-00000000bbbb';

/** Where people meet: sockets over a real table and a gateway of this process, with a clock that the test sets. */
export interface Square {
  gateway: Gateway;
  table: Table;
  dependencies: SocketDependencies;
  handler: ReturnType<typeof createSocketHandler>;
  /** Connections whose timeout has been asked for. */
  scheduled: string[];
  logged: unknown[];
  clock: { now: Date };
  settle(options?: { role?: 'admin' | 'user' }): Promise<string>;
  found(): Promise<string>;
  join(workspaceId: string, userId: string, role?: WorkspaceRole): Promise<void>;
  leave(workspaceId: string, userId: string): Promise<void>;
  signOut(userId: string, sessionId?: string): Promise<void>;
  /** A token of the user's, taken at its word. */
  token(userId: string, options?: { sessionId?: string; expiresInSeconds?: number }): string;
  connect(): Promise<SocketClient>;
  enter(userId: string, sessionId?: string): Promise<SocketClient>;
  push(event: Partial<PushedEvent>): Promise<void>;
  stop(): Promise<void>;
}

export interface SquareOptions {
  /** Stands for the reading of people, say one that lets everybody in. */
  people?: (people: People) => People;
}

const memberKey = (workspaceId: string, userId: string) => ({ pk: `WS#${workspaceId}`, sk: `MEMBER#${userId}` });
const seconds = (date: Date) => Math.floor(date.getTime() / 1_000);

export async function openSquare(
  { client, table }: Pick<Backend, 'client' | 'table'>,
  { people: alter = (of) => of }: SquareOptions = {},
): Promise<Square> {
  const gateway = await startGateway();
  const [scheduled, logged]: [string[], unknown[]] = [[], []];
  const clock = { now: new Date() };
  const management = new ApiGatewayManagementApiClient({ ...client, ...singleTry, endpoint: gateway.managementUrl });
  const dependencies: SocketDependencies = {
    connections: createConnectionStore(table),
    presences: createPresenceStore(table),
    people: alter(createPeople(table)),
    sockets: createSockets({ endpoint: gateway.managementUrl, client: management }),
    timeouts: { schedule: async (connectionId) => void scheduled.push(connectionId) },
    verifyToken: async (token) => {
      const [userId, sessionId, exp] = token.split('/');
      if (userId === undefined || sessionId === undefined || Number(exp) <= seconds(clock.now)) throw unauthorized();
      return { userId, sessionId, expiresAt: Number(exp) };
    },
    originSecretHashes: [createHash('sha256').update(edgeHeaders['x-origin-verify']).digest('hex')],
    now: () => clock.now,
    log: { error: (...line) => void logged.push(line) },
  };
  const handler = createSocketHandler(dependencies);
  gateway.handler = handler;

  const square: Square = {
    gateway,
    table,
    dependencies,
    handler,
    scheduled,
    logged,
    clock,
    async settle({ role = 'user' } = {}) {
      const userId = randomUUID();
      await table.write({ put: { ...newPrincipal(userId, role, clock.now), ss: { [here]: {}, [there]: {} } } });
      if (role === 'admin') {
        const change = { text: 'ADD #ids :ids', values: { ids: new Set([userId]) } };
        await table.write({ update: { pk: 'SYSTEM', sk: 'ADMINS' }, change });
      }
      return userId;
    },
    found: async () => randomUUID(),
    async join(workspaceId, userId, role = 'viewer') {
      const row = {
        ...memberKey(workspaceId, userId),
        type: 'member',
        workspace_id: workspaceId,
        user_id: userId,
        role,
        joined_at: clock.now.toISOString(),
      };
      await table.transact([{ put: row }, grantMembership(userId, workspaceId, role)]);
    },
    async leave(workspaceId, userId) {
      await table.transact([{ delete: memberKey(workspaceId, userId) }, revokeMembership(userId, workspaceId)]);
    },
    async signOut(userId, sessionId = here) {
      await table.write({
        update: principalKey(userId),
        change: { text: 'REMOVE ss.#sid', names: { sid: sessionId } },
      });
    },
    token: (userId, { sessionId = here, expiresInSeconds = 3_600 } = {}) =>
      [userId, sessionId, seconds(clock.now) + expiresInSeconds].join('/'),
    connect: () => openSocket(gateway.url, edgeHeaders),
    async enter(userId, sessionId = here) {
      const socket = await square.connect();
      const answer = await socket.ask({ type: 'auth', token: square.token(userId, { sessionId }) });
      if (answer['type'] !== 'auth_ok') throw new Error(`cannot enter: ${JSON.stringify(answer)}`);
      return socket;
    },
    push: (event) => pushEvent(eventOf(event), dependencies),
    async stop() {
      await gateway.stop();
      management.destroy();
    },
  };
  return square;
}

let nth = 0;

function eventOf(event: Partial<PushedEvent>): PushedEvent {
  nth += 1;
  const timestamp = '2026-01-01T00:00:00.000Z';
  const data = {
    vm_id: randomUUID(),
    workspace_id: event.workspace_id ?? '',
    status: 'running',
    previous: null,
    timestamp,
  };
  return { type: 'vm_status_changed', data, id: `event-${nth}`, timestamp, version: nth, ...event } as PushedEvent;
}
