import type { WorkspaceRole } from '../../contracts/shared/permissions.ts';
import type { Write } from '../platform/table/types.ts';
import type { Member, Profile } from './domain/member.ts';
import type { Quota, QuotaMoves } from './domain/quota.ts';
import type { Workspace } from './domain/workspace.ts';

export type { Write };

/** Methods that answer writes do nothing by themselves: the use case commits those of several stores at once. */
export interface WorkspaceStore {
  find(id: string): Promise<Workspace | undefined>;
  findMany(ids: readonly string[]): Promise<Workspace[]>;
  /** Those that are this user's own, whoever its members are. */
  findOwn(userId: string): Promise<Workspace[]>;
  /** CONFLICT where the owner has one of this name. */
  insert(workspace: Workspace): Write[];
  /** Holds `before`'s version; moves the name to where `after` wants it, or throws `taken`. */
  change(before: Workspace, after: Workspace, taken?: () => Error): Write[];
  /** The workspace still belongs to another than this user. */
  assertNotOwnedBy(id: string, userId: string): Write;
  remove(workspace: Workspace): Write[];
  /** Writes what no request answers for by itself: a part of a long deletion. */
  apply(writes: readonly Write[]): Promise<void>;
}

export interface MemberStore {
  find(workspaceId: string, userId: string): Promise<Member | undefined>;
  /** All of them, as they are now. */
  list(workspaceId: string): Promise<Member[]>;
  /** `owns`: the workspace is this user's own. */
  insert(workspaceId: string, member: Member, options?: { owns?: boolean }): Write[];
  /** Always NOT_FOUND, but in a transaction, where a key that has been answered wins over it. */
  refuseUnknown(workspaceId: string): Write;
  /** Holds the role that `member` was read with. `disowns`: it stops being the one whose workspace this is. */
  regrade(workspaceId: string, member: Member, role: WorkspaceRole, options?: { disowns?: boolean }): Write[];
  remove(workspaceId: string, member: Member, options?: { disowns?: boolean }): Write[];
  /** This owner becomes the one whose workspace it is; holds that it still is an owner, and has room. */
  inherit(workspaceId: string, heir: Member): Write;
}

/** A user's name and address, and what repeats them. */
export interface ProfileStore {
  /** As it is now. */
  find(userId: string): Promise<VersionedProfile | undefined>;
  /** The workspaces that the user is a member of now. */
  workspacesOf(userId: string): Promise<string[]>;
  /** Copies it into those of the rows that exist and repeat no later version. */
  copy(profile: VersionedProfile, workspaceIds: readonly string[]): Promise<void>;
}

export interface VersionedProfile extends Profile {
  id: string;
  /** Of the user. */
  version: number;
}

export interface QuotaStore {
  find(workspaceId: string): Promise<Quota | undefined>;
  /** With its first owner counted. */
  insert(workspaceId: string): Write;
  /** One member more, an owner or not: CONFLICT in an inactive or full workspace, NOT_FOUND in none. */
  admit(workspaceId: string, role: WorkspaceRole): Write;
  /** Members and owners more or less. Refuses to count out the last owner. */
  countMembers(workspaceId: string, moves: { members?: number; owners?: number }): Write;
  /** Raises limits, or lowers them to what is used at least; holds the version of the limits. */
  raise(workspaceId: string, quota: Quota, raises: QuotaMoves): Write;
  setActive(workspaceId: string, active: boolean): Write;
  /** Nothing more comes in. CONFLICT with `data.blocking` while there are VMs. */
  close(workspaceId: string): Write;
  release(workspaceId: string, moves: QuotaMoves): Write;
  /** Holds that nothing came or went since `quota` was read, and that there are no VMs. */
  remove(workspaceId: string, quota: Quota): Write;
}

/** What identity tells of users. */
export interface UserDirectory {
  findByEmail(email: string): Promise<{ id: string } | undefined>;
  /** Those that exist. */
  getMany(ids: readonly string[]): Promise<{ id: string; name: string; email: string }[]>;
}

/** What goes with a workspace when it is deleted: the credentials, a write each. */
export interface WorkspaceContents {
  removals(workspaceId: string): Promise<Write[]>;
}
