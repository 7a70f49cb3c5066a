import type { VmEvent } from '../../../contracts/compute/vm-event.ts';
import type { VmRecord } from './vm.ts';

/** The row of the history for a state that a look found the machine in, and its VM not. Nobody called for it. */
export const observedEvent = (vm: VmRecord, seen: string, { id, at }: { id: string; at: Date }): VmEvent => ({
  id,
  at: at.toISOString(),
  action: 'observe',
  request_id: null,
  step: 'observe',
  outcome: 'succeeded',
  took_ms: 0,
  reason: `MACHINE_${seen.toUpperCase()}: the VM was ${vm.status}`,
});
