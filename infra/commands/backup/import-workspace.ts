import { adapt } from './adapt.ts';
import { checkBackup, inBatches, refuse } from './backup-file.ts';
import { firstHourOf, lowerWatermark } from './import-table.ts';
import type { Attributes } from './item.ts';
import { isMarked, marked, unmark, unmarking } from './mark.ts';
import { type BackupTable, isAbsent, type Update } from './table.ts';
import { idsOf, isOfVms, readWorkspaceItems, type WorkspaceItems } from './workspace-items.ts';

export interface RestoredWorkspace {
  id: string;
  name: string;
  members: number;
  vms: number;
  /** Ids of members who are no users any more, and were left out. */
  gone: string[];
}

const textOf = (item: Attributes, name: string): string => item[name]?.S ?? '';
const count = (number: number) => ({ N: String(number) });
const principalKeyOf = (userId: string): Attributes => ({ pk: { S: `PRINCIPAL#${userId}` }, sk: { S: 'PRINCIPAL' } });

/** Members who are users still. */
async function presentMembers(table: BackupTable, members: readonly Attributes[]): Promise<Attributes[]> {
  const principals = await table.get(members.map((member) => principalKeyOf(textOf(member, 'user_id'))));
  const present = new Set(principals.map((principal) => textOf(principal, 'pk').slice('PRINCIPAL#'.length)));
  return members.filter((member) => present.has(textOf(member, 'user_id')));
}

/** Its owner, or where that is no user any more the owner who has been a member for longest. */
function ownerOf(workspace: Attributes, members: readonly Attributes[]): string {
  const owners = members.filter((member) => textOf(member, 'role') === 'owner');
  const rank = (member: Attributes) =>
    `${textOf(member, 'user_id') === textOf(workspace, 'owner_id') ? 0 : 1}#${textOf(member, 'joined_at')}#${textOf(member, 'user_id')}`;
  const [first] = owners.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
  if (first === undefined) return refuse('none of the workspace’s owners is a user any more: whose is it to be?');
  return textOf(first, 'user_id');
}

/** Gone, or half imported: what is in use is not touched. */
async function assertGone(table: BackupTable, { workspace }: WorkspaceItems): Promise<void> {
  if (workspace['deleting']?.BOOL === true)
    refuse('its deletion had been asked for when the backup was of: take one of an earlier moment');
  const [there] = await table.get([workspace]);
  if (there !== undefined && !isMarked(there)) refuse(`the workspace ${textOf(there, 'id')} is there`);
}

/** Its name may be another workspace's by now. */
async function claimName(table: BackupTable, name: Attributes, ownerId: string): Promise<void> {
  const guard = { ...name, pk: { S: `USER#${ownerId}` } };
  const id = name['workspace_id'] as { S: string };
  const isFree = { text: 'attribute_not_exists(#pk) OR #workspace_id = :claims', values: { claims: id } };
  if (await table.putIf(guard, isFree)) return;
  const [taken] = await table.get([guard]);
  refuse(`its owner has another workspace of that name, ${textOf(taken ?? {}, 'workspace_id')}: rename that one first`);
}

/** Without what it repeats of its user, which may be another by now: lists look that up until the user changes next. */
function withoutProfile(member: Attributes): Attributes {
  const { name: _, email: __, profile_version: ___, ...row } = member;
  return row;
}

/** One for each place of its VMs as well: who is registered anew is not dropped by a look that began before. */
function registrations(id: string, { vms, groups }: WorkspaceItems, run: Date): Attributes[] {
  const placeOf = (vm: Attributes) => `${id}#${textOf(vm, 'credential_id')}#${textOf(vm, 'region')}`;
  const places = new Map<string, Attributes>(groups.map((group) => [textOf(group, 'sk'), group]));
  for (const vm of vms)
    places.set(placeOf(vm), {
      pk: { S: 'RECONCILE' },
      sk: { S: placeOf(vm) },
      provider: { S: textOf(vm, 'provider') },
    });
  return [...places.values()].map((place) => ({ ...place, stamp: { S: `imported ${run.toISOString()}` } }));
}

/** Whoever was let in since, or by an import that was interrupted, stays as it is. */
function grant(id: string, member: Attributes, ownerId: string): Update {
  const owns = textOf(member, 'user_id') === ownerId;
  const names = { workspace: id };
  return {
    key: principalKeyOf(textOf(member, 'user_id')),
    // The letter of a role is its first (functions/platform/auth/principal.ts).
    change: {
      text: `SET #ws.#workspace = :letter${owns ? ' ADD #owned :one' : ''}`,
      values: { letter: { S: textOf(member, 'role').slice(0, 1) }, ...(owns && { one: count(1) }) },
      names,
    },
    condition: { text: 'attribute_exists(#pk) AND attribute_not_exists(#ws.#workspace)', names },
  };
}

/** What is counted of all workspaces, as its deletion had counted it down. */
function recount({ vms, others }: WorkspaceItems, run: Date): Update {
  const counts = new Map([
    ['workspaces', 1],
    ['credentials', others.filter((item) => item['type']?.S === 'credential').length],
  ]);
  for (const vm of vms) {
    const name = `vms_${textOf(adapt(vm, run), 'status')}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const added = [...counts].filter(([, number]) => number > 0);
  return {
    key: { pk: { S: 'SYSTEM' }, sk: { S: 'COUNTS' } },
    change: {
      text: `ADD ${added.map(([name]) => `#${name} :${name}`).join(', ')}`,
      values: Object.fromEntries(added.map(([name, number]) => [name, count(number)])),
    },
  };
}

/**
 * Brings back one workspace that is gone from the table, with all that belongs to it: its partition, its name, the history and user data of its VMs, timers,
 * where the reconciler looks, and the grant of each member in that user's own item, of which nothing else changes. Whatever is there already stays. The
 * workspace itself is marked until all is done, so an import that was interrupted is finished by the next, and one of a workspace that is in use is refused.
 */
export async function importWorkspace(
  table: BackupTable,
  file: string,
  id: string,
  run = new Date(),
): Promise<RestoredWorkspace> {
  await checkBackup(file);
  const found = await readWorkspaceItems(file, id);
  await assertGone(table, found);
  const members = await presentMembers(table, found.members);
  const ownerId = ownerOf(found.workspace, members);
  await claimName(table, found.name, ownerId);

  const owners = members.filter((member) => textOf(member, 'role') === 'owner').length;
  const quota = { ...found.quota, members: count(members.length), owners: count(owners) };
  const workspace = { ...found.workspace, owner_id: { S: ownerId } };
  const own = [quota, ...members.map(withoutProfile), ...found.vms, ...found.others];
  const put = (items: readonly Attributes[]) =>
    Promise.all(items.map((item) => table.putIf(marked(adapt(item, run), run), isAbsent)));
  await put([workspace]);
  await put(own);
  await inBatches(file, isOfVms(idsOf(found.vms), run), put);
  await table.put(registrations(id, found, run));
  await put(found.timers);
  await lowerWatermark(table, firstHourOf(found.timers));

  await unmark(table, own);
  for (const member of members) await table.updateIf(grant(id, member, ownerId));
  await table.updateAll([unmarking(workspace), recount(found, run)]);
  const present = new Set(members.map((member) => textOf(member, 'user_id')));
  const gone = found.members.map((member) => textOf(member, 'user_id')).filter((userId) => !present.has(userId));
  return { id, name: textOf(workspace, 'name'), members: members.length, vms: found.vms.length, gone };
}
