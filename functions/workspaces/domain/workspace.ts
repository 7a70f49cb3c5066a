import type { Workspace as WorkspaceView } from '../../../contracts/workspaces/routes.ts';

export interface Workspace extends WorkspaceView {
  /** Its deletion has begun: nothing comes in any more, and it can't be enabled again. */
  deleting: boolean;
  /** What it holds is deleted first, by a workflow; absent where nothing was ever forced. */
  teardown?: Teardown;
}

export interface Teardown {
  /** `asked`: its workflow is on its way. `failed`: it gave up, and may be asked for again. */
  state: 'asked' | 'failed';
  asked_by: string;
  /** The workspace's version at which its latest workflow began: what a step of an earlier one does not match. */
  run: number;
  /** Why it gave up. */
  reason?: string;
}

/** What is answered of it. */
export const viewOf = ({ deleting: _, teardown: __, ...view }: Workspace): WorkspaceView => view;

/**
 * Names that a person would call the same are one: full width, compatibility forms, case and runs of spaces do not count. Through the capitals and
 * back, so that letters whose capital is two (ß) meet their spelt-out form; in parts, so that marks do not depend on how they were composed.
 */
export const foldName = (name: string): string => {
  const parts = name.normalize('NFKD').toLowerCase().toUpperCase().toLowerCase();
  return parts.normalize('NFKC').replace(/\s+/gu, ' ').trim();
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
