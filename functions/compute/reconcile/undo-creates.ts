import { groupOf, isNewsOf } from '../domain/observation.ts';
import { ProviderError } from '../domain/provider-error.ts';
import { isToHaveNoMachine, type VmRecord } from '../domain/vm.ts';
import { isDead, type Provider, type TaggedMachine } from '../providers/provider.ts';
import type { ObservingStore } from '../store/observing-store.ts';
import type { Look } from './look.ts';

type Log = (message: string, fields: Readonly<Record<string, unknown>>) => void;

interface Uses {
  store: Pick<ObservingStore, 'giveUpMachine' | 'noteUndone'>;
  now: () => Date;
  newId: () => string;
  logger: { info: Log };
}

/** Done as well when there is none by now. False where the provider will not: the next look asks again. */
async function end(provider: Provider, { id, vmId }: TaggedMachine, { logger }: Uses): Promise<boolean> {
  try {
    await provider.terminate(id);
    return true;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.name === 'MachineGone') return true;
    logger.info('cannot end the machine of a failed create', { vm_id: vmId, instance_id: id, error });
    return false;
  }
}

/** Whether there is something left to do: a machine that lives, or the word that all that were asked for are dead, which a process that died left out. */
const isLeft = ({ launch, attempt }: VmRecord, shown: readonly TaggedMachine[]) =>
  shown.some((machine) => !isDead(machine)) || (launch === 'sent' && attempt > 0 && shown.length >= attempt);

async function undo(
  vm: VmRecord,
  machines: readonly TaggedMachine[],
  provider: Provider,
  { until, ...uses }: Uses & { until: number },
): Promise<string[]> {
  const { store, now, newId } = uses;
  const from = now();
  // Off the record before it is ended: from then on nobody can ask for its start.
  if (vm.instance_id !== null && !(await store.giveUpMachine(vm, from))) return [];
  const ended: string[] = [];
  for (const machine of machines) {
    if (now().getTime() > until) break;
    if (isDead(machine) || (await end(provider, machine, uses))) ended.push(machine.id);
  }
  if (ended.length < machines.length) return ended;
  const at = now();
  await store.noteUndone(vm, at, {
    id: newId(),
    at: at.toISOString(),
    action: 'create',
    request_id: vm.request_id,
    step: 'undo-launch',
    outcome: 'undone',
    took_ms: at.getTime() - from.getTime(),
    reason: `ended ${ended.join(', ')}`,
  });
  return ended;
}

/**
 * Goes on with the undoing of failed creates: of a VM that is to have no machine, those that a look shows are ended, in the look's own place alone. A
 * workflow that ended from outside could not do it, and a machine whose launch was never answered may show at any time. Answers the ids of
 * those that were ended; after `until`, in milliseconds, none is any more.
 */
export async function undoCreates(
  looks: readonly Look[],
  vms: readonly VmRecord[],
  uses: Uses,
  until: number,
): Promise<Set<string>> {
  const ended = new Set<string>();
  for (const { group, at, provider, machines } of looks) {
    if (provider === undefined) continue;
    const mine = vms.filter((vm) => groupOf(vm) === groupOf(group) && isToHaveNoMachine(vm) && isNewsOf(vm, at));
    for (const vm of mine) {
      const shown = machines.filter((machine) => machine.vmId === vm.id);
      if (!isLeft(vm, shown) || uses.now().getTime() > until) continue;
      for (const id of await undo(vm, shown, provider, { ...uses, until })) ended.add(id);
    }
  }
  return ended;
}
