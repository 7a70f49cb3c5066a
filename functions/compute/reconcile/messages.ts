import * as z from 'zod';
import { vmProviders } from '../../../contracts/compute/providers.ts';

const group = z.object({
  workspace_id: z.string(),
  credential_id: z.string(),
  region: z.string(),
  provider: z.enum(vmProviders),
  stamp: z.string(),
});

/** A workspace to be looked at. */
const look = z.object({ workspace_id: z.string(), groups: z.array(group), sent_at: z.iso.datetime() });
/** A VM that a look found busy, by the time that it must have come to an end. */
const recall = z.object({ workspace_id: z.string(), vm_id: z.string(), sent_at: z.iso.datetime() });

/** What the reconciler sends to its own queue. */
export const reconcileMessage = z.union([look, recall]);
export type ReconcileMessage = z.output<typeof reconcileMessage>;

export type SendMessages = (messages: readonly ReconcileMessage[], delaySeconds?: number) => Promise<void>;
