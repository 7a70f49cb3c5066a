import { isStale, notFound, stale } from '../../../contracts/errors.ts';
import { type DeletionStep, nextDeletionStep } from '../domain/deletion.ts';
import type { Member } from '../domain/member.ts';
import { type Quota, usedOf } from '../domain/quota.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { MemberStore, QuotaStore, WorkspaceContents, WorkspaceStore, Write } from '../ports.ts';

export interface RemovalStores {
  workspaces: WorkspaceStore;
  members: MemberStore;
  quotas: QuotaStore;
  credentials: WorkspaceContents;
}

interface Removal<Ending> {
  id: string;
  /** Before each step, of the workspace as it is then: a throw ends the removal. */
  assertWanted: (workspace: Workspace) => void;
  /** Writes the last part, whatever else goes with it, in one transaction. */
  finish: (writes: readonly Write[]) => Promise<Ending>;
  /** What to do instead where one transaction does not hold it. Without this it goes part by part, once it is closed. */
  inParts?: () => Promise<Ending>;
}

/** 1,000 credentials and 100 members take 14 rounds; the rest is for what changes meanwhile. */
const mostRounds = 30;

/**
 * Removes a workspace without VMs, with its members and credentials: in one transaction where they fit, else part by part. Every round looks anew and holds
 * what it saw, so nothing is left behind and nothing that came in meanwhile is lost, and who goes on with what was interrupted finds what is left.
 * NOT_FOUND where there is none; CONFLICT with `data.blocking` where it holds VMs.
 */
export async function removeWorkspace<Ending>(stores: RemovalStores, removal: Removal<Ending>): Promise<Ending> {
  for (let round = 0; round < mostRounds; round += 1) {
    const found = await look(stores, removal.id);
    removal.assertWanted(found.workspace);
    if (!agrees(found)) continue;
    const next = stepFor(found);
    if (next.step !== 'finish' && removal.inParts !== undefined) return removal.inParts();
    const ended = await takeStep(stores, found, next, removal.finish).catch(lookAgainIfMoved);
    if (ended !== undefined) return ended.answer;
  }
  throw stale();
}

/** To a promise's `catch`: undefined where what was read has changed by the time it was written. */
export function lookAgainIfMoved(error: unknown): undefined {
  if (isStale(error)) return;
  throw error;
}

interface Found {
  workspace: Workspace;
  quota: Quota;
  members: Member[];
  credentials: Write[];
}

async function look({ workspaces, members, quotas, credentials }: RemovalStores, id: string): Promise<Found> {
  const [workspace, quota, rows, removals] = await Promise.all([
    workspaces.find(id),
    quotas.find(id),
    members.list(id),
    credentials.removals(id),
  ]);
  if (workspace === undefined || quota === undefined) throw notFound();
  return { workspace, quota, members: rows, credentials: removals };
}

/**
 * What was read side by side may be of different moments. Where the counts agree, and still hold when it is written, the rows that were read and still exist
 * then are all there are.
 */
const agrees = ({ quota, members, credentials }: Found) =>
  quota.members === members.length && usedOf(quota, 'credentials') === credentials.length;

/** Whose workspace it is, and who asked for its end, stay to the last. */
const stepFor = ({ workspace: { owner_id, teardown }, members, credentials }: Found): DeletionStep =>
  nextDeletionStep({
    members,
    credentials: credentials.length,
    keep: teardown === undefined ? [owner_id] : [owner_id, teardown.asked_by],
  });

/** The answer, once the workspace is gone. */
async function takeStep<Ending>(
  { workspaces, members, quotas }: RemovalStores,
  found: Found,
  next: DeletionStep,
  finish: Removal<Ending>['finish'],
): Promise<{ answer: Ending } | undefined> {
  const { workspace, quota } = found;
  const { id, owner_id } = workspace;
  const rowsOf = (leaving: readonly Member[]) =>
    leaving.flatMap((member) => members.remove(id, member, { disowns: member.user_id === owner_id }));
  switch (next.step) {
    case 'finish': {
      const rest = [...rowsOf(found.members), ...found.credentials];
      return { answer: await finish([quotas.remove(id, quota), ...workspaces.remove(workspace), ...rest]) };
    }
    case 'drop_credentials':
      await workspaces.apply([
        quotas.release(id, { credentials: -next.count }),
        ...found.credentials.slice(0, next.count),
      ]);
      return undefined;
    case 'drop_members': {
      const owners = next.members.filter(({ role }) => role === 'owner').length;
      await workspaces.apply([
        quotas.countMembers(id, { members: -next.members.length, owners: -owners }),
        ...rowsOf(next.members),
      ]);
      return undefined;
    }
  }
}
