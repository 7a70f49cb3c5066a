import type { SQSEvent } from 'aws-lambda';
import { createReconcileHandler } from '../../../functions/compute/reconcile/handle-reconcile.ts';
import { listOrphans } from '../../../functions/compute/reconcile/index.ts';
import type { LookMessage } from '../../../functions/compute/reconcile/run-tick.ts';
import { holdings } from '../../../functions/compute/store/holdings.ts';
import { createLifecycleStore } from '../../../functions/compute/store/lifecycle-store.ts';
import { createObservingStore } from '../../../functions/compute/store/observing-store.ts';
import { createOrphanStore } from '../../../functions/compute/store/orphan-store.ts';
import { createVmStore } from '../../../functions/compute/store/vm-store.ts';
import type { Start } from '../../../functions/platform/outbox/effect.ts';
import type { Table } from '../../../functions/platform/table/types.ts';
import { execute } from '../../state-machines/vm-lifecycle/engine.ts';
import { makeWorld, type RunInput, type World } from '../../state-machines/vm-lifecycle/world.ts';
import type { Backend } from '../../support/in-process-backend.ts';

export const tickMs = 5 * 60_000;

/** Records as SQS hands them over. */
export const queued = (messages: readonly object[]): SQSEvent =>
  ({ Records: messages.map((body, at) => ({ messageId: String(at), body: JSON.stringify(body) })) }) as SQSEvent;

/** A world whose reconciler runs in process, on a clock that only ticks and waits move. */
export interface TickWorld extends World {
  /** Workflows that the reconciler started. */
  started: Start[];
  /** Five minutes later, the clock's event and the messages that it sends; answers those that failed. On another table to have it crash. */
  tick(table?: Table): Promise<string[]>;
  pass(milliseconds: number): Promise<unknown>;
  /** What the relay does with a start: runs the workflow. */
  work(run: RunInput): Promise<void>;
  /** As `GET /vms` shows them. */
  shown(): ReturnType<ReturnType<typeof createVmStore>['list']>;
  orphans(): ReturnType<ReturnType<typeof listOrphans>>;
}

export async function makeTickWorld(backend: Backend): Promise<TickWorld> {
  const { table: own } = await backend.makeTable();
  const world = await makeWorld(own);
  const { now, newId, pause } = world.dependencies;
  const started: Start[] = [];
  const note = (message: string, fields: Readonly<Record<string, unknown>>) =>
    void world.logged.push({ message, fields });

  async function tick(table: Table = own): Promise<string[]> {
    await pause(tickMs);
    const messages: LookMessage[] = [];
    const handle = createReconcileHandler({
      table,
      store: createObservingStore(table),
      orphans: createOrphanStore(table),
      lifecycle: createLifecycleStore(table, holdings),
      connectAnew:
        () =>
        async ({ region }) =>
          world.cloud.connect({ region, secret: {} }),
      start: async (start) => void started.push(start),
      send: async (sent) => void messages.push(...sent),
      now,
      newId,
      logger: { info: note, error: note },
    });
    await handle({});
    const answer = await handle(queued(messages));
    return answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) ?? [];
  }

  return {
    ...world,
    started,
    tick,
    pass: pause,
    work: async (run) => void (await execute(run, ({ step, run: input }) => world.runStep(step, input))),
    shown: () => createVmStore(own).list(world.workspaceId),
    orphans: () => listOrphans(own)('aws'),
  };
}
