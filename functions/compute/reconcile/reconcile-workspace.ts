import { vmStates } from '../../../contracts/compute/vm-states.ts';
import { inParallel } from '../../platform/in-parallel.ts';
import { type GroupObservation, groupOf } from '../domain/observation.ts';
import type { VmRecord } from '../domain/vm.ts';
import { isDead } from '../providers/provider.ts';
import type { ObservingStore } from '../store/observing-store.ts';
import type { OrphanId, OrphanStore } from '../store/orphan-store.ts';
import type { Group } from '../store/registry.ts';
import { tagsToTellAgain } from '../vm-changed.ts';
import { findOrphans } from './find-orphans.ts';
import { type ConnectGroup, type Look, lookAt } from './look.ts';
import { observeGroup } from './observe-group.ts';
import { type SettleDependencies, settleBusy } from './settle-busy.ts';
import { undoCreates } from './undo-creates.ts';

type Log = (message: string, fields: Readonly<Record<string, unknown>>) => void;

export interface ReconcileDependencies extends SettleDependencies {
  store: ObservingStore;
  orphans: OrphanStore;
  connect: ConnectGroup;
  logger: { info: Log; error: Log };
}

const groupsAtOnce = 4;
/** Of a workspace's groups together, so that a batch of ten workspaces gets to each while its function runs, however slow the clouds. */
const lookForMs = 30_000;
const hour = 3_600_000;
/** A launch that was lost shows within this; so a group without VMs and machines is kept that long. */
const emptyForMs = hour;
/** A group without VMs whose provider does not answer. */
const emptyAndFailingForMs = 24 * hour;

const hasVms = ({ group }: Look, vms: readonly VmRecord[]) => vms.some((vm) => groupOf(vm) === groupOf(group));

/** Whether nothing is left to look for, or nobody can look any more. */
function isOver(look: Look, vms: readonly VmRecord[], { empty_since: since }: GroupObservation): boolean {
  if (hasVms(look, vms)) return false;
  if (look.failure?.credentialGone === true) return true;
  if (since === undefined) return false;
  const age = look.at.getTime() - Date.parse(since);
  return age >= (look.failure === undefined ? emptyForMs : emptyAndFailingForMs);
}

/** A look that failed shows nothing, which is not to say that there is nothing: the orphans that are known are there still. */
function withEmptiness(
  look: Look,
  vms: readonly VmRecord[],
  { empty_since: _, ...now }: GroupObservation,
  before?: GroupObservation,
): GroupObservation {
  const hasMachines = look.machines.some(({ state }) => state !== 'gone');
  const hasOrphans = look.failure !== undefined && (before?.orphans ?? []).length > 0;
  if (hasVms(look, vms) || hasMachines || hasOrphans) return now;
  return { ...now, empty_since: before?.empty_since ?? look.at.toISOString() };
}

async function settleAll(vms: readonly VmRecord[], dependencies: ReconcileDependencies): Promise<void> {
  for (const vm of vms.filter(({ status }) => vmStates[status].busy !== undefined)) {
    // One that can't be settled now does not hinder the others.
    await settleBusy(vm, dependencies).catch((error: unknown) =>
      dependencies.logger.error('cannot settle a busy VM', { vm_id: vm.id, workspace_id: vm.workspace_id, error }),
    );
  }
}

/** Has tags told that are due, of VMs whose machine a look shows. */
async function tellTags(
  looks: readonly Look[],
  vms: readonly VmRecord[],
  { start, now, logger }: ReconcileDependencies,
): Promise<void> {
  const alive = new Set(
    looks.flatMap(({ machines }) => machines.filter((machine) => !isDead(machine))).map(({ id }) => id),
  );
  for (const vm of vms.filter(({ instance_id }) => alive.has(instance_id ?? ''))) {
    const again = tagsToTellAgain(vm, now());
    if (again === undefined) continue;
    await start(again).catch((error: unknown) => logger.error('cannot have tags told', { vm_id: vm.id, error }));
  }
}

/**
 * The same work at each tick, whatever was left undone at the last: looks at the machines of a workspace, then reads its VMs (so that each machine
 * that is seen has its record by then), and corrects what differs and ends what failed creates have left. Every write holds that things are still as they were read, and
 * repeats without harm.
 */
export async function reconcileWorkspace(
  workspaceId: string,
  groups: readonly Group[],
  dependencies: ReconcileDependencies,
): Promise<void> {
  const { store, orphans, connect, now, logger } = dependencies;
  const until = now().getTime() + lookForMs;
  const looks = await inParallel(groupsAtOnce, groups, (group) => lookAt(group, connect, now, until));
  const { vms, observation } = await store.read(workspaceId);

  await settleAll(vms, dependencies);
  await tellTags(looks, vms, dependencies);
  const ended = await undoCreates(looks, vms, dependencies, until);
  const findDeleted = (vmIds: readonly string[]) => store.findDeleted(workspaceId, vmIds);
  const found = await findOrphans(looks, vms, { before: observation, findDeleted, ended });
  const noted: Record<string, GroupObservation> = {};
  const over: Group[] = [];
  const dropped: OrphanId[] = [];
  const left: OrphanId[] = [];
  for (const look of looks) {
    const name = groupOf(look.group);
    const before = observation[name];
    const observed = withEmptiness(look, vms, await observeGroup(look, vms, before, dependencies, until), before);
    const seen = (found.get(look) ?? []).map(({ id }) => id);
    const known = before?.orphans ?? [];
    const isLast = isOver(look, vms, observed);
    const kept = look.failure === undefined ? seen : known;
    const { orphans: _, ...rest } = observed;
    if (isLast) over.push(look.group);
    else noted[name] = { ...rest, ...(kept.length > 0 && { orphans: kept }) };
    const { provider, workspace_id } = look.group;
    for (const id of known) {
      const orphan = { provider, workspace_id, instance_id: id };
      if (!kept.includes(id)) dropped.push(orphan);
      // The credential is gone: nobody will ever see whether the machine is.
      else if (isLast) left.push(orphan);
    }
    if (look.failure !== undefined)
      logger.info('cannot look at machines', { workspace_id: workspaceId, group: name, reason: look.failure.reason });
  }

  // What has an item is in the note: dropped before it leaves the note, kept after it stands there.
  for (const orphan of dropped) await orphans.drop(orphan);
  for (const orphan of left) await orphans.leave(orphan, now());
  await store.note(workspaceId, noted, looks[0]?.at ?? now());
  for (const [{ group, at }, machines] of found) {
    const { provider, workspace_id, credential_id, region } = group;
    for (const { id, vmId, state, createdAt } of machines) {
      const orphan = { provider, workspace_id, credential_id, region, instance_id: id, vm_id: vmId, state };
      await orphans.keep({ ...orphan, created_at: createdAt, last_seen: at.toISOString() });
    }
  }
  for (const group of over) await store.unregister(group);
  const { fault } = looks.find((look) => look.fault !== undefined) ?? {};
  if (fault !== undefined) throw fault;
}
