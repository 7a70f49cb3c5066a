import { randomUUID } from 'node:crypto';
import { relayChanges } from '../../../functions/platform/outbox/relay-changes.ts';
import type { People } from '../../../functions/realtime/ports.ts';
import { pushEvent } from '../../../functions/realtime/use-cases/push-event.ts';
import { derivations } from '../../../functions/relay/derivations.ts';
import type { Backend } from '../../support/in-process-backend.ts';
import { record } from '../../unit/platform/outbox/records.ts';
import type { Arena } from './drops.ts';
import { openSquare } from './square.ts';

export interface SquareArena extends Arena {
  stop(): Promise<void>;
}

const thingsPerWorkspace = 2;

/** An arena in this process: the table, the rules, the audience and the sockets are real, the services between them are not there. */
export async function openSquareArena(
  backend: Backend,
  { clients, workspaces, people }: { clients: number; workspaces: number; people?: (people: People) => People },
): Promise<SquareArena> {
  const square = await openSquare(backend, people && { people });
  const workspaceIds = Array.from({ length: workspaces }, () => randomUUID());
  const workspaceOf = (client: number) => workspaceIds[client % workspaces] ?? '';
  const users: string[] = [];
  for (let nth = 0; nth < clients; nth += 1) {
    const userId = await square.settle();
    await square.join(workspaceOf(nth), userId);
    users.push(userId);
  }
  const things = workspaceIds.map((workspaceId) =>
    Array.from({ length: thingsPerWorkspace }, () => newThing(workspaceId)),
  );

  return {
    workspaces,
    atOnce: 16,
    enter: (client) => square.enter(users[client] ?? ''),
    async read(client) {
      const rows = await square.table.queryAll({ pk: `WS#${workspaceOf(client)}`, prefix: 'VM#' });
      return Object.fromEntries(rows.map((row) => [String(row['id']), Number(row['version'])]));
    },
    async change(workspace) {
      const thing = things[workspace]?.shift();
      if (thing === undefined) throw new Error('there is no such workspace');
      things[workspace]?.push(thing);
      const before = { ...thing };
      thing.version += 1;
      thing.status = thing.status === 'running' ? 'stopped' : 'running';
      await square.table.write({ put: { pk: `WS#${thing.workspace_id}`, sk: `VM#${thing.id}`, ...thing } });
      const failed = await relayChanges([record('MODIFY', { before, after: thing })], {
        derivations,
        bus: {
          publish: async (events) => {
            for (const event of events) if ('data' in event) await pushEvent(event, square.dependencies);
            return [];
          },
        },
        machines: { start: async () => [] },
      });
      if (failed.size > 0) throw new Error('cannot push a change', { cause: [...failed.values()][0] });
      return { id: thing.id, version: thing.version };
    },
    isForeign: (client, { data }) => data.workspace_id !== workspaceOf(client),
    stop: square.stop,
  };
}

const newThing = (workspaceId: string) => ({
  type: 'vm',
  id: randomUUID() as string,
  workspace_id: workspaceId,
  status: 'running',
  version: 1,
  updated_at: '2026-01-01T00:00:00.000Z',
});
