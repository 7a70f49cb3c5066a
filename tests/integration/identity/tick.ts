import { createVmStore } from '../../../functions/compute/store/vm-store.ts';
import { fireTimer } from '../../../functions/compute/timers/fire-timer.ts';
import { fireTimers } from '../../../functions/compute/timers/fire-timers.ts';
import type { IdentityApi } from './identity-api.ts';

const hourMs = 3_600_000;

/** What fire-timers does so much later. */
export async function tickAfter({ advance, table, dependencies: { now } }: IdentityApi, milliseconds: number) {
  advance(milliseconds);
  const hour = new Date(now().getTime() - hourMs).toISOString().slice(0, 13);
  await table.write({ put: { pk: 'TIMER', sk: 'WATERMARK', hour } });
  const logger = { error: () => undefined };
  await fireTimers({ table, fire: fireTimer({ table, vms: createVmStore(table), now }), now, logger });
}
