import type { Workspace as WorkspaceView } from '../../../contracts/workspaces/routes.ts';

export interface Workspace extends Omit<WorkspaceView, 'deletion'> {
  /** Its deletion has begun: nothing comes in any more, and it can't be enabled again. */
  deleting: boolean;
  /** What it holds is deleted first, by a workflow; absent where nothing was ever forced. */
  teardown?: Teardown;
}

export interface Teardown {
  /** `asked`: its workflow is on its way. `failed`: it gave up, and may be asked for again. */
  state: 'asked' | 'failed';
  asked_by: string;
  /** When it was asked for last; one from before this was put down lacks it. */
  asked_at?: string;
  /** The workspace's version at which its latest workflow began: what a step of an earlier one does not match. */
  run: number;
  /** Why it gave up. */
  reason?: string;
}

/** The workflow ends within 65 minutes, or is ended; the rest is for its way there. */
export const longestTeardownMs = 70 * 60_000;
/** Deletions used to go part by part within their request, without a workflow. */
const longestDeletionMs = 60_000;

/** A time that was never put down is past all bounds, too. */
const isOver = (since: string | undefined, longestMs: number, now: Date) =>
  since === undefined || now.getTime() - Date.parse(since) > longestMs;

/** Its workflow may still be at work. One that is never heard of again, as it was never begun or could not say how it ended, is not for ever. */
export const isUnderWay = (teardown: Teardown | undefined, now: Date): boolean =>
  teardown?.state === 'asked' && !isOver(teardown.asked_at, longestTeardownMs, now);

function deletionOf({ deleting, teardown, updated_at }: Workspace, now: Date): WorkspaceView['deletion'] {
  if (teardown !== undefined) {
    const { reason = 'TIMED_OUT', asked_at: requested_at = updated_at } = teardown;
    if (isUnderWay(teardown, now)) return { state: 'in_progress', reason: null, requested_at };
    return { state: 'failed', reason, requested_at };
  }
  if (!deleting) return undefined;
  // Closed by the first part of such a deletion; nothing but its name has changed since.
  return isOver(updated_at, longestDeletionMs, now)
    ? { state: 'failed', reason: 'INTERRUPTED', requested_at: updated_at }
    : { state: 'in_progress', reason: null, requested_at: updated_at };
}

/** What is answered of it. */
export function viewOf(workspace: Workspace, now: Date): WorkspaceView {
  const { deleting: _, teardown: __, ...view } = workspace;
  const deletion = deletionOf(workspace, now);
  return { ...view, ...(deletion && { deletion }) };
}

/**
 * Names that a person would call the same are one: full width, compatibility forms, case and runs of spaces do not count. Through the capitals and
 * back, so that letters whose capital is two (ß) meet their spelt-out form; in parts, so that marks do not depend on how they were composed.
 */
export const foldName = (name: string): string => {
  const spaced = name.normalize('NFKD').replace(/\s+/gu, ' ');
  return spaced.toLowerCase().toUpperCase().toLowerCase().normalize('NFKC').trim();
};

interface NewWorkspace {
  id: string;
  name: string;
  description?: string | undefined;
  ownerId: string;
  now: Date;
}

export function newWorkspace({ id, name, description = '', ownerId, now }: NewWorkspace): Workspace {
  const at = now.toISOString();
  return {
    id,
    name,
    description,
    owner_id: ownerId,
    is_active: true,
    version: 1,
    created_at: at,
    updated_at: at,
    deleting: false,
  };
}

interface WorkspaceChange {
  name?: string | undefined;
  description?: string | undefined;
  is_active?: boolean | undefined;
  owner_id?: string | undefined;
  deleting?: boolean | undefined;
  teardown?: Teardown | undefined;
}

/** The next version of it, or the same object where nothing changes. */
export function changeWorkspace(workspace: Workspace, change: WorkspaceChange, now: Date): Workspace {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const next: Workspace = { ...workspace, ...given };
  const fields = Object.keys(given) as (keyof WorkspaceChange)[];
  if (fields.every((field) => next[field] === workspace[field])) return workspace;
  return { ...next, version: workspace.version + 1, updated_at: now.toISOString() };
}
