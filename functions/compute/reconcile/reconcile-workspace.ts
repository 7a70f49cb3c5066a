import { vmStates } from '../../../contracts/compute/vm-states.ts';
import { inParallel } from '../../platform/in-parallel.ts';
import { type GroupObservation, groupOf } from '../domain/observation.ts';
import type { VmRecord } from '../domain/vm.ts';
import type { ObservingStore } from '../store/observing-store.ts';
import type { OrphanStore } from '../store/orphan-store.ts';
import type { Group } from '../store/registry.ts';
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

/** Whether nothing is left to look for. */
function isOver(look: Look, vms: readonly VmRecord[], { empty_since: since }: GroupObservation): boolean {
  if (since === undefined || vms.some((vm) => groupOf(vm) === groupOf(look.group))) return false;
  if (look.failure?.credentialGone === true) return true;
  const age = look.at.getTime() - Date.parse(since);
  return age >= (look.failure === undefined ? emptyForMs : emptyAndFailingForMs);
}

function withEmptiness(
  look: Look,
  vms: readonly VmRecord[],
  { empty_since: _, ...now }: GroupObservation,
  before?: GroupObservation,
): GroupObservation {
  const hasVms = vms.some((vm) => groupOf(vm) === groupOf(look.group));
  const hasMachines = look.machines.some(({ state }) => state !== 'gone');
  if (hasVms || hasMachines) return now;
  return { ...now, empty_since: before?.empty_since ?? look.at.toISOString() };
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

  for (const vm of vms.filter(({ status }) => vmStates[status].busy !== undefined)) {
    // One that can't be settled now does not hinder the others.
    await settleBusy(vm, dependencies).catch((error: unknown) =>
      logger.error('cannot settle a busy VM', { vm_id: vm.id, workspace_id: workspaceId, error }),
    );
  }

  const findDeleted = (vmIds: readonly string[]) => store.findDeleted(workspaceId, vmIds);
  const ended = await undoCreates(looks, vms, dependencies, until);
  const found = await findOrphans(looks, vms, { before: observation, findDeleted, ended });
  const noted: Record<string, GroupObservation> = {};
  const over: Group[] = [];
  const dropped: { provider: string; instance_id: string }[] = [];
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
    for (const id of known) {
      if (isLast || !kept.includes(id)) dropped.push({ provider: look.group.provider, instance_id: id });
    }
    if (look.failure !== undefined)
      logger.info('cannot look at machines', { workspace_id: workspaceId, group: name, reason: look.failure.reason });
  }

  // What has an item is in the note: dropped before it leaves the note, kept after it stands there.
  for (const { provider, instance_id } of dropped)
    await orphans.drop({ provider, workspace_id: workspaceId, instance_id });
  await store.note(workspaceId, noted, looks[0]?.at ?? now());
  for (const [{ group, at }, machines] of found) {
    const { provider, workspace_id, credential_id, region } = group;
    for (const { id, vmId, state, createdAt } of machines) {
      const orphan = { provider, workspace_id, credential_id, region, instance_id: id, vm_id: vmId, state };
      await orphans.keep({ ...orphan, created_at: createdAt, last_seen: at.toISOString() });
    }
  }
  for (const group of over) await store.unregister(group);
}
