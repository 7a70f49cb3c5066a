import type { VmStatus } from '../../../contracts/compute/vm-states.ts';
import type { CountedThing, InternalEventOf } from '../../../contracts/internal-events.ts';
import type { EventData } from '../../../contracts/realtime/events.ts';

/** A number that is kept: how many there are of a thing, or of VMs in a state. */
export type Counted = `${CountedThing}s` | `vms_${VmStatus}`;
export type Counts = Partial<Record<Counted, number>>;

/** What is counted, with the id that makes each event count once. */
export type CountableEvent = { id: string } & (
  | InternalEventOf<'thing_counted'>
  | { type: 'vm_status_changed'; data: EventData<'vm_status_changed'> }
);

export function countsOf(event: CountableEvent): Counts {
  if (event.type === 'thing_counted') return { [`${event.thing}s`]: event.change };
  const { status, previous } = event.data;
  return {
    ...(previous !== null && { [`vms_${previous}`]: -1 }),
    ...(status !== 'deleted' && { [`vms_${status}`]: 1 }),
  };
}

/** Of all of them together, without what comes to nothing. */
export function sumCounts(all: readonly Counts[]): Counts {
  const sums = new Map<string, number>();
  for (const counts of all)
    for (const [name, change] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + change);
  return Object.fromEntries([...sums].filter(([, change]) => change !== 0));
}
