import type { SQSEvent } from 'aws-lambda';
import type { VmRecord } from '../../../functions/compute/domain/vm.ts';
import type { MachineState } from '../../../functions/compute/providers/provider.ts';
import { createReconcileHandler } from '../../../functions/compute/reconcile/handle-reconcile.ts';
import type { ReconcileMessage } from '../../../functions/compute/reconcile/messages.ts';
import { readStepInput } from '../../../functions/compute/steps/read-step-input.ts';
import { holdings } from '../../../functions/compute/store/holdings.ts';
import { createLifecycleStore } from '../../../functions/compute/store/lifecycle-store.ts';
import { createObservingStore } from '../../../functions/compute/store/observing-store.ts';
import { createOrphanStore, listOrphans } from '../../../functions/compute/store/orphan-store.ts';
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
  tick(table?: Table, given?: TickGiven): Promise<string[]>;
  pass(milliseconds: number): Promise<unknown>;
  /** What the relay does with a start: runs the workflow. */
  work(run: RunInput): Promise<void>;
  /** What EventBridge tells of an execution that timed out. */
  tellBroken(run: RunInput): Promise<void>;
  /** As `GET /vms` shows them. */
  shown(): ReturnType<ReturnType<typeof createVmStore>['list']>;
  orphans(): ReturnType<ReturnType<typeof listOrphans>>;
}

export interface TickGiven {
  /** Since the end of the last one, if not five minutes. */
  afterMs?: number;
  /** For how long every message that comes due waits to be worked on. */
  queuedForMs?: number;
  /** The looks never come. */
  lost?: boolean;
  /** Comes before a region's machines are listed, which takes as long. */
  beforeList?: (region: string) => Promise<unknown>;
}

/** A VM's machine, to be changed behind its back. */
export const machineOf = ({ cloud }: TickWorld, vm: VmRecord) => {
  const machine = cloud.machines.get(vm.instance_id ?? '');
  if (machine === undefined) throw new Error('this VM has no machine');
  return machine;
};

/** Somebody else has put the machine there, and it stays. */
export const set = (world: TickWorld, vm: VmRecord, state: MachineState) =>
  Object.assign(machineOf(world, vm), { state, ahead: [] });

export const statusOf = async (world: TickWorld, vm: VmRecord) => {
  const now = await world.vm(vm.id);
  return [now?.status, now?.status_reason];
};

/** As its members see it. */
export const shownOf = async (world: TickWorld, { id }: VmRecord) => {
  const vm = (await world.shown()).find((shown) => shown.id === id);
  return [vm?.status, vm?.status_reason];
};

export const rowsOf = async ({ events }: TickWorld, { id }: VmRecord) =>
  (await events(id)).map(({ action, step, reason }) => [action, step, reason]);

export async function makeTickWorld(backend: Backend): Promise<TickWorld> {
  const { table: own } = await backend.makeTable();
  const world = await makeWorld(own);
  const { now, newId, pause } = world.dependencies;
  const started: Start[] = [];
  const note = (message: string, fields: Readonly<Record<string, unknown>>) =>
    void world.logged.push({ message, fields });

  /** Messages that are for later. */
  const delayed: { body: ReconcileMessage; at: number }[] = [];

  async function tick(
    table: Table = own,
    { queuedForMs: queuedFor = 0, afterMs = tickMs - queuedFor, lost = false, beforeList }: TickGiven = {},
  ): Promise<string[]> {
    const until = now().getTime() + afterMs;
    const waitFor = (at: number) => pause(Math.max(0, at - now().getTime()));
    const send = async (sent: readonly ReconcileMessage[], delaySeconds = 0) => {
      const at = now().getTime() + delaySeconds * 1_000;
      delayed.push(...sent.map((body) => ({ body, at })));
    };
    /** Works on what is due by a time, in the order in which it comes. */
    async function workUntil(time: number): Promise<string[]> {
      const [next] = delayed.toSorted((a, b) => a.at - b.at);
      if (next === undefined || next.at + queuedFor > time) return [];
      const due = delayed.filter(({ at }) => at <= next.at);
      for (const message of due) delayed.splice(delayed.indexOf(message), 1);
      await waitFor(next.at + queuedFor);
      const answer = await handle(queued(due.map(({ body }) => body)));
      const failed = answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) ?? [];
      return [...failed, ...(await workUntil(time))];
    }
    const handle = createReconcileHandler({
      table,
      store: createObservingStore(table),
      orphans: createOrphanStore(table),
      lifecycle: createLifecycleStore(table, holdings),
      connectAnew:
        () =>
        async ({ region }) => {
          await beforeList?.(region);
          return world.cloud.connect({ region, secret: {} });
        },
      start: async (start) => void started.push(start),
      send,
      now,
      newId,
      logger: { info: note, error: note },
    });
    const failed = await workUntil(until);
    await waitFor(until);
    const known = delayed.length;
    await handle({});
    if (lost) delayed.splice(known);
    return [...failed, ...(await workUntil(now().getTime() + queuedFor))];
  }

  return {
    ...world,
    started,
    tick,
    pass: pause,
    work: async (run) => void (await execute(run, ({ step, run: input }) => world.runStep(step, input))),
    async tellBroken(input) {
      const news = { source: 'aws.states', detail: { status: 'TIMED_OUT', input: JSON.stringify(input) } };
      const { step, run } = readStepInput(news);
      await world.runStep(step, run);
    },
    shown: () => createVmStore(own).list(world.workspaceId),
    orphans: () => listOrphans(own)('aws'),
  };
}
