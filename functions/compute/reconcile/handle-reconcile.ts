import type { SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import { vmProviders } from '../../../contracts/compute/providers.ts';
import { inParallel } from '../../platform/in-parallel.ts';
import { type ReconcileDependencies, reconcileWorkspace } from './reconcile-workspace.ts';
import { runTick, type TickDependencies } from './run-tick.ts';

const group = z.object({
  workspace_id: z.string(),
  credential_id: z.string(),
  region: z.string(),
  provider: z.enum(vmProviders),
  stamp: z.string(),
});
const message = z.object({ workspace_id: z.string(), groups: z.array(group), sent_at: z.iso.datetime() });

const workspacesAtOnce = 5;
/** Longer than the three tries of a message take; later ticks have looked meanwhile, and what is left is a backlog. */
const staleAfterMs = 45 * 60_000;

export interface HandlerDependencies extends Omit<ReconcileDependencies, 'connect'>, TickDependencies {
  /** For one workspace's look: what it has opened of credentials ends with it. */
  connectAnew: () => ReconcileDependencies['connect'];
}

export interface BatchAnswer {
  batchItemFailures: { itemIdentifier: string }[];
}

const isQueued = (event: unknown): event is SQSEvent => Array.isArray((event as Partial<SQSEvent> | null)?.Records);

/** The clock's event sends a message a workspace; messages are looked after, each for itself. */
export const createReconcileHandler =
  (dependencies: HandlerDependencies) =>
  async (event: unknown): Promise<BatchAnswer | undefined> => {
    const { now, logger } = dependencies;
    if (!isQueued(event)) {
      await runTick(dependencies);
      return undefined;
    }
    const failures = await inParallel(workspacesAtOnce, event.Records, async ({ body, messageId }) => {
      try {
        const { workspace_id, groups, sent_at } = message.parse(JSON.parse(body));
        if (now().getTime() - Date.parse(sent_at) < staleAfterMs)
          await reconcileWorkspace(workspace_id, groups, { ...dependencies, connect: dependencies.connectAnew() });
        return [];
      } catch (error) {
        logger.error('cannot reconcile a workspace', { message_id: messageId, error });
        return [{ itemIdentifier: messageId }];
      }
    });
    return { batchItemFailures: failures.flat() };
  };
