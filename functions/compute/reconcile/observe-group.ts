import { type VmStatus, vmStates } from '../../../contracts/compute/vm-states.ts';
import { judgeVm } from '../domain/judge-vm.ts';
import { type GroupObservation, groupOf, isNewsOf } from '../domain/observation.ts';
import { observedEvent } from '../domain/observed-event.ts';
import { statusReason } from '../domain/status-reason.ts';
import { isToHaveNoMachine, type VmRecord } from '../domain/vm.ts';
import type { Machine, Provider } from '../providers/provider.ts';
import { isNew } from '../steps/observe-machine.ts';
import { isSameAccount, otherAccount } from '../steps/same-account.ts';
import type { ObservingStore } from '../store/observing-store.ts';
import { failureOf, type Look } from './look.ts';

/** A machine that a list leaves out is asked for by its id, so many a look: a list that shows nothing is more likely to be wrong than so many deaths. */
const mostAsked = 10;
/** Two looks that are nearer than this are one look, delivered twice. */
const secondLookMs = 120_000;

const nextIfGone = (status: VmStatus) => vmStates[status].observed.gone;
const machineGone = 'MACHINE_GONE';
const gone: Seen = { state: 'gone', publicIp: null, privateIp: null };

type Seen = Pick<Machine, 'state' | 'publicIp' | 'privateIp'>;

interface Uses {
  store: Pick<ObservingStore, 'correct'>;
  now: () => Date;
  newId: () => string;
}

/** Whether it has room to say what became of its machine: one in error says already what it failed for. */
const tells = ({ status_reason }: VmRecord) => status_reason === null;

const ifAny = <Notes extends Record<string, Record<string, string>>>(notes: Notes): Notes | undefined =>
  Object.values(notes).some((named) => Object.keys(named).length > 0) ? notes : undefined;

const isAtRest = ({ status }: VmRecord) => vmStates[status].busy === undefined;

/** What is to be noted of a group that could not be looked at: what was known stays, and grows old. */
const failing = (before: GroupObservation | undefined, reason: string, at: Date): GroupObservation => ({
  ...(before ?? { at: null }),
  failing_since: before?.failing_since ?? at.toISOString(),
  reason,
});

/**
 * Corrects the VMs of a group by what its look shows. A VM that was changed since the look began is left to the next one: the machine may be where it was
 * before the change. "It is not there" is believed of a machine that is old enough to be known, that two looks in a row have left out, and that the
 * provider does not know by its id either. After `until`, in milliseconds, nobody is asked any more.
 */
export async function observeGroup(
  { group, at, provider, machines, failure }: Look,
  vms: readonly VmRecord[],
  before: GroupObservation | undefined,
  { store, now, newId }: Uses,
  until: number,
): Promise<GroupObservation> {
  if (failure !== undefined || provider === undefined) return failing(before, failure?.reason ?? 'UNKNOWN', at);
  const shown = new Map(machines.map((machine) => [machine.id, machine]));
  const mine = vms.filter((vm) => groupOf(vm) === groupOf(group) && vm.instance_id !== null);
  const unseen: Record<string, string> = {};
  const reasons: Record<string, string> = {};
  let asked = 0;
  for (const vm of mine) {
    const machine = shown.get(vm.instance_id ?? '');
    // What a failed create has left is ended, and no VM comes of it any more.
    const isJudged = isAtRest(vm) && isNewsOf(vm, at) && !isToHaveNoMachine(vm);
    if (machine !== undefined) {
      if (isJudged) await take(vm, machine, at);
      continue;
    }
    const told = before?.reasons?.[vm.id];
    if (told !== undefined && isAtRest(vm)) reasons[vm.id] = told;
    const since = before?.unseen?.[vm.id] ?? at.toISOString();
    unseen[vm.id] = since;
    const isSecondLook = at.getTime() - Date.parse(since) >= secondLookMs;
    if (!isJudged || !isSecondLook || isNew(vm.launched_at, at) || told === machineGone || !tells(vm)) continue;
    const asksAt = now();
    if (asked >= mostAsked || asksAt.getTime() > until) continue;
    const known = await describe(provider, vm);
    if ('elsewhere' in known) {
      reasons[vm.id] = known.elsewhere;
      continue;
    }
    asked += 1;
    if ('reason' in known) return failing({ ...(before ?? { at: null }), unseen }, known.reason, at);
    if (known.machine !== undefined) delete unseen[vm.id];
    delete reasons[vm.id];
    await take(vm, known.machine ?? gone, asksAt);
  }
  return { at: at.toISOString(), ...ifAny({ unseen }), ...ifAny({ reasons }) };

  /** A machine that is gone leads not every VM elsewhere: one that is stopped stays so, and says it. */
  async function take(vm: VmRecord, machine: Seen, seen: Date): Promise<void> {
    if (machine.state === 'gone' && nextIfGone(vm.status) === undefined && tells(vm)) reasons[vm.id] = machineGone;
    await correct(vm, machine, seen);
  }

  async function correct(vm: VmRecord, machine: Seen, seen: Date): Promise<void> {
    const correction = judgeVm(vm, machine);
    if (correction === undefined) return;
    const corrected = now();
    const event = observedEvent(vm, machine.state, { id: newId(), at: corrected });
    await store.correct(vm, correction, { seen, now: corrected }, correction.status && event);
  }
}

/** By its id, in the account that it was made in: the credential may be of another one by now, which knows nothing of it. */
async function describe(
  provider: Provider,
  { instance_id: id, account }: VmRecord,
): Promise<{ machine: Machine | undefined } | { reason: string } | { elsewhere: string }> {
  try {
    if (!(await isSameAccount(provider, account)))
      return { elsewhere: statusReason('CredentialRejected', otherAccount) };
    return { machine: await provider.describe(id ?? '') };
  } catch (error) {
    return { reason: failureOf(error).reason };
  }
}
