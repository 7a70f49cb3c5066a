import type { SQSEvent } from 'aws-lambda';
import { type BatchAnswer, eachMessage } from '../../platform/queues/batch-answer.ts';
import { type ReconcileMessage, reconcileMessage } from './messages.ts';
import { type ReconcileDependencies, reconcileWorkspace } from './reconcile-workspace.ts';
import { runTick, type TickDependencies } from './run-tick.ts';
import { settleBusy } from './settle-busy.ts';

const workspacesAtOnce = 5;
/** Longer than the three tries of a message take; later ticks have looked meanwhile, and what is left is a backlog. */
const staleAfterMs = 45 * 60_000;

export interface HandlerDependencies extends Omit<ReconcileDependencies, 'connect'>, TickDependencies {
  /** For one workspace's look: what it has opened of credentials ends with it. */
  connectAnew: () => ReconcileDependencies['connect'];
}

const isQueued = (event: unknown): event is SQSEvent => Array.isArray((event as Partial<SQSEvent> | null)?.Records);

async function work(message: ReconcileMessage, dependencies: HandlerDependencies): Promise<void> {
  const { workspace_id } = message;
  if ('groups' in message)
    return reconcileWorkspace(workspace_id, message.groups, { ...dependencies, connect: dependencies.connectAnew() });
  const vm = await dependencies.lifecycle.find(workspace_id, message.vm_id);
  if (vm !== undefined) await settleBusy(vm, dependencies);
}

/** The clock's event sends a message a workspace; messages are looked after, each for itself. */
export const createReconcileHandler =
  (dependencies: HandlerDependencies) =>
  async (event: unknown): Promise<BatchAnswer | undefined> => {
    const { now, logger } = dependencies;
    if (!isQueued(event)) {
      await runTick(dependencies);
      return undefined;
    }
    return eachMessage(event.Records, {
      work: async ({ body }) => {
        const message = reconcileMessage.parse(JSON.parse(body));
        if (now().getTime() - Date.parse(message.sent_at) < staleAfterMs) await work(message, dependencies);
      },
      log: logger,
      failure: 'cannot reconcile a workspace',
      atOnce: workspacesAtOnce,
    });
  };
