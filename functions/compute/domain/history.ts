import type { VmEvent } from '../../../contracts/compute/vm-event.ts';
import { isForgotten } from './vm.ts';

/** Days for which a VM's history is kept. */
export const historyDays = 90;

/** Whether the VM was deleted so long ago that it is not shown any more, as far as these rows tell. */
export const isOver = (events: readonly VmEvent[], now: Date): boolean =>
  events.some(
    ({ step, outcome, at }) =>
      step === 'record-deleted' && outcome === 'succeeded' && isForgotten({ deleted_at: at }, now),
  );
