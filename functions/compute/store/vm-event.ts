import type { VmEvent } from '../../../contracts/compute/vm-event.ts';
import type { Item } from '../../platform/table/types.ts';
import { historyDays } from '../domain/history.ts';
import type { VmRecord } from '../domain/vm.ts';
import { vmEventKey } from './vm-keys.ts';

/** It names the workspace, so that a reader of the history alone knows whose it is. */
export const toEventItem = (vm: Pick<VmRecord, 'id' | 'workspace_id'>, event: VmEvent): Item => ({
  ...event,
  ...vmEventKey(vm.id, event.at, event.id),
  workspace_id: vm.workspace_id,
  reason: event.reason ?? undefined,
  request_id: event.request_id ?? undefined,
  ttl: Math.floor(Date.parse(event.at) / 1_000) + historyDays * 86_400,
});
