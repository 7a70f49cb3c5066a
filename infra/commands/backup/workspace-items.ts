import { itemsOf, refuse } from './backup-file.ts';
import type { Attributes } from './item.ts';
import { timerHourOf } from './kinds.ts';

/** All of one workspace that a backup holds, wherever it lies (docs/access-patterns.md). */
export interface WorkspaceItems {
  workspace: Attributes;
  quota: Attributes;
  members: Attributes[];
  /** The item that keeps its name for its owner. */
  name: Attributes;
  vms: Attributes[];
  /** Credentials and the schedule. */
  others: Attributes[];
  timers: Attributes[];
  /** Where machines of it may be. */
  groups: Attributes[];
}

const textOf = (item: Attributes, name: string): string => item[name]?.S ?? '';
export const idsOf = (vms: readonly Attributes[]): Set<string> => new Set(vms.map((vm) => textOf(vm, 'id')));

const isOfAMoment = (sk: string) => sk.startsWith('VM#~') || sk.startsWith('DELETEDVM#');

/** By its own partition, and by what names it elsewhere. Left out: the last look at its machines, which the next one replaces, and VMs that were deleted then. */
export async function readWorkspaceItems(file: string, id: string): Promise<WorkspaceItems> {
  const found = {
    workspace: undefined as Attributes | undefined,
    quota: undefined as Attributes | undefined,
    name: undefined as Attributes | undefined,
    members: [] as Attributes[],
    vms: [] as Attributes[],
    others: [] as Attributes[],
    timers: [] as Attributes[],
    groups: [] as Attributes[],
  };
  for await (const item of itemsOf(file)) {
    const [pk, sk] = [textOf(item, 'pk'), textOf(item, 'sk')];
    if (pk === `WS#${id}`) {
      if (sk === 'WS') found.workspace = item;
      else if (sk === 'QUOTA') found.quota = item;
      else if (sk.startsWith('MEMBER#')) found.members.push(item);
      else if (sk.startsWith('VM#') && !isOfAMoment(sk)) found.vms.push(item);
      else if (!isOfAMoment(sk)) found.others.push(item);
    } else if (pk === 'RECONCILE' && sk.startsWith(`${id}#`)) found.groups.push(item);
    else if (textOf(item, 'workspace_id') === id) {
      if (timerHourOf(item) !== undefined) found.timers.push(item);
      else if (pk.startsWith('USER#') && sk.startsWith('WSNAME#')) found.name = item;
    }
  }
  const { workspace, quota, name, ...rest } = found;
  if (workspace === undefined) return refuse(`the backup holds no workspace ${id}`);
  if (quota === undefined || name === undefined)
    return refuse(
      `the backup holds only a part of the workspace ${id}: export the whole table, restored to one moment`,
    );
  return { workspace, quota, name, ...rest };
}

/** Of a VM of these, its history or its user data; until TTL has removed it. */
export const isOfVms =
  (ids: ReadonlySet<string>, now: Date) =>
  (item: Attributes): boolean => {
    const pk = textOf(item, 'pk');
    if (!pk.startsWith('VM#') || !ids.has(pk.slice('VM#'.length))) return false;
    return item['ttl'] === undefined || Number(item['ttl'].N) * 1_000 > now.getTime();
  };
