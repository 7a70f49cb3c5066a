import type { Timer } from '../../../functions/compute/domain/timer.ts';
import type { Provider } from '../../../functions/compute/providers/provider.ts';
import { createReconcileHandler } from '../../../functions/compute/reconcile/handle-reconcile.ts';
import type { ReconcileMessage, SendMessages } from '../../../functions/compute/reconcile/messages.ts';
import { readStepInput } from '../../../functions/compute/steps/read-step-input.ts';
import { runStep } from '../../../functions/compute/steps/run-step.ts';
import { holdings } from '../../../functions/compute/store/holdings.ts';
import { createLifecycleStore } from '../../../functions/compute/store/lifecycle-store.ts';
import { createObservingStore } from '../../../functions/compute/store/observing-store.ts';
import { createOrphanStore } from '../../../functions/compute/store/orphan-store.ts';
import { createVmStore } from '../../../functions/compute/store/vm-store.ts';
import { fireTimer } from '../../../functions/compute/timers/fire-timer.ts';
import { fireTimers } from '../../../functions/compute/timers/fire-timers.ts';
import { vmChanged } from '../../../functions/compute/vm-changed.ts';
import type { Change, Start } from '../../../functions/platform/outbox/effect.ts';
import type { Table } from '../../../functions/platform/table/types.ts';
import { queued } from '../../integration/reconcile/tick-world.ts';
import { definition, execute, Killed } from '../vm-lifecycle/engine.ts';
import { makeWorld } from '../vm-lifecycle/world.ts';
import { createCallers } from './callers.ts';
import { createKiller, type Process } from './processes.ts';
import { createTurns } from './turns.ts';
import { watchTable } from './watch-table.ts';
import { withoutState } from './without-state.ts';

export interface Given {
  table: Table;
  random: () => number;
  kills: number;
  /** A guard that is taken away: the control. */
  without?: 'reconciler' | 'token' | 'state' | undefined;
}

export type KilledWorld = Awaited<ReturnType<typeof makeKilledWorld>>;

/** An execution is stopped before a VM counts as forgotten: TimeoutSeconds of the state machine. */
const executionMs = definition.TimeoutSeconds * 1_000;
/** Of deaths of a step's process, those that end its execution: somebody stops it, or Step Functions loses it. */
const abandoned = 0.3;
/** Of starts, those that the relay has to give up. */
const dropped = 0.1;
/** Of news that an execution broke, those that are never delivered. */
const untold = 0.1;

const died = () => Object.assign(new Error('Runtime exited'), { name: 'Lambda.Unknown' });

/** The whole life of a workspace's VMs, function by function, each of which may be killed at any call of the table, the cloud or another function. */
export async function makeKilledWorld({ table: own, random, kills, without }: Given) {
  const turns = createTurns(random);
  const killer = createKiller(kills, random, turns);
  const world = await makeWorld(own);
  const { dependencies, cloud } = world;
  const { now, newId, pause, logger } = dependencies;
  const watched = watchTable(own, (change) => relay(change));
  const names = new Set<string>();
  /** Once the last kill has been, nothing else gets lost either. */
  const isWild = () => killer.fired() < killer.planned;
  const runs: string[] = [];
  const lost = { starts: 0, news: 0, executions: 0 };

  let launches = 0;
  /** Without tokens each launch is a new one to the cloud. */
  const forgetful = (provider: Provider): Provider => ({
    ...provider,
    launch: (spec) => provider.launch({ ...spec, token: `${spec.token}.${++launches}` }),
  });
  const connectIn =
    (process: Process) =>
    async ({ region }: { region: string }) => {
      const provider = await cloud.connect({ region, secret: {} });
      return process.mortal('cloud', without === 'token' ? forgetful(provider) : provider);
    };
  const shared = without === 'state' ? withoutState(watched.table) : watched.table;
  const tableIn = (process: Process) => process.mortal('table', shared);

  /** A run of a function; what it fails with is its alarm's business. */
  async function invoke(what: string, actor: number, work: (process: Process) => Promise<unknown>): Promise<Process> {
    const process = killer.start(what, actor);
    await work(process).catch(() => undefined);
    return process;
  }

  /** The stream delivers a change until the relay has had it; what it starts, it starts once. */
  function relay(change: Change): void {
    for (const effect of vmChanged(change)) {
      if (!('start' in effect)) continue;
      turns.spawn(async (actor) => {
        if (isWild() && random() < dropped) {
          lost.starts += 1;
          return;
        }
        for (;;) {
          const relayed = await invoke('relay', actor, (process) =>
            process.mortal('machines', { begin }).begin(effect.start),
          );
          if (!relayed.isDead()) return;
        }
      });
    }
  }

  /** One step in a process of its own, which may outlive its caller's patience. What a dead one throws nobody hears. */
  function startStep(step: string, run: object): { process: Process; done: Promise<unknown> } {
    let process: Process | undefined;
    let done: Promise<unknown> | undefined;
    turns.spawn(async (actor) => {
      process = killer.start(step, actor, 'may be given up');
      const vms = createLifecycleStore(tableIn(process), holdings);
      done = runStep(readStepInput({ step, run }), { ...dependencies, vms, connect: connectIn(process) });
      await done.catch(() => undefined);
    });
    if (process === undefined || done === undefined) throw new Error('cannot start a step');
    return { process, done };
  }

  async function begin({ name, input }: Start): Promise<void> {
    if (names.has(name)) return;
    names.add(name);
    turns.spawn(async (actor) => {
      const began = now().getTime();
      const { status } = await execute(input, async ({ step, run }) => {
        if (now().getTime() - began > executionMs) throw new Killed();
        const { done, process } = startStep(step, run);
        const lost = Symbol();
        const heard = done.catch((error: unknown) => {
          if (process.isDead()) return lost;
          throw error;
        });
        const answer = await turns.leave(actor, Promise.race([heard, process.givenUp.then(() => lost)]));
        if (answer !== lost) return answer;
        throw random() < abandoned ? new Killed() : died();
      });
      if (status === 'succeeded') return;
      lost.executions += 1;
      if (isWild() && random() < untold) lost.news += 1;
      else await tellBroken(actor, input);
    });
  }

  /** What EventBridge tells of an execution that broke, until it has been heard. */
  async function tellBroken(actor: number, input: object): Promise<void> {
    const news = readStepInput({ source: 'aws.states', detail: { status: 'ABORTED', input: JSON.stringify(input) } });
    for (;;) {
      const process = await invoke('broken', actor, (own) => {
        const vms = createLifecycleStore(tableIn(own), holdings);
        return runStep(news, { ...dependencies, vms, connect: connectIn(own) });
      });
      if (!process.isDead()) return;
    }
  }

  const recalls: { body: ReconcileMessage; at: number }[] = [];

  /** To the reconciler, once more if its run dies. */
  async function deliver(what: string, actor: number, messages: readonly ReconcileMessage[]): Promise<void> {
    const send: SendMessages = async (sent, delaySeconds = 0) => {
      const at = now().getTime() + delaySeconds * 1_000;
      recalls.push(...sent.map((body) => ({ body, at })));
    };
    for (let tries = 0; tries < 2; tries += 1) {
      const run = await invoke(what, actor, (process) => reconcilerIn(process, send)(queued(messages)));
      if (!run.isDead()) return;
    }
  }

  const reconcilerIn = (process: Process, send: SendMessages) => {
    const table = tableIn(process);
    return createReconcileHandler({
      table,
      store: createObservingStore(table),
      orphans: createOrphanStore(table),
      lifecycle: createLifecycleStore(table, holdings),
      connectAnew: () => connectIn(process),
      start: process.mortal('machines', { begin }).begin,
      send: process.mortal('queue', { send }).send,
      now,
      newId,
      logger,
    });
  };

  return {
    ...world,
    ...watched,
    killer,
    lost,
    runs,
    run: turns.run,
    pass: pause,
    /** A member's request. */
    ask(what: string, work: (callers: ReturnType<typeof createCallers>) => Promise<unknown>): void {
      turns.spawn(async (actor) => {
        await invoke(what, actor, (process) => work(createCallers(world, tableIn(process))));
      });
    },
    /** The clock's event for the reconciler and the messages that it sends, each delivered once more if its run dies. */
    look(): void {
      if (without === 'reconciler') return;
      const messages: ReconcileMessage[] = [];
      turns.spawn(async (actor) => {
        const send = async (sent: readonly ReconcileMessage[]) => void messages.push(...sent);
        await invoke('tick', actor, (process) => reconcilerIn(process, send)({}));
        await deliver('look', actor, messages);
      });
    },
    /** What looks had sent for later, and is due. */
    recall(): void {
      const due = recalls.filter(({ at }) => at <= now().getTime());
      if (due.length === 0) return;
      for (const recall of due) recalls.splice(recalls.indexOf(recall), 1);
      turns.spawn((actor) =>
        deliver(
          'recall',
          actor,
          due.map(({ body }) => body),
        ),
      );
    },
    fireTimers(): void {
      turns.spawn(async (actor) => {
        await invoke('fire-timers', actor, (process) => {
          const table = tableIn(process);
          const fired = fireTimer({ table, vms: createVmStore(table), now });
          const fire = (timer: Timer) => {
            if (timer.kind.startsWith('schedule_')) runs.push(timer.kind);
            return fired(timer);
          };
          return fireTimers({ table, fire, now, logger });
        });
      });
    },
  };
}
