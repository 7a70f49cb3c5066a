import type { VmEvent } from '../../../contracts/compute/vm-event.ts';
import type { Item } from '../../platform/table/types.ts';
import { historyDays } from '../domain/history.ts';
import { vmEventKey } from './vm-keys.ts';

export const toEventItem = (vmId: string, event: VmEvent): Item => ({
  ...event,
  ...vmEventKey(vmId, event.at, event.id),
  reason: event.reason ?? undefined,
  request_id: event.request_id ?? undefined,
  ttl: Math.floor(Date.parse(event.at) / 1_000) + historyDays * 86_400,
});
