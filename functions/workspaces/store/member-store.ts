import { conflict, notFound, stale } from '../../../contracts/errors.ts';
import { grantMembership, regradeMembership, revokeMembership, takeOver } from '../../platform/auth/memberships.ts';
import { absent, all, equals, exists } from '../../platform/table/fragment.ts';
import type { Fragment, Item, Table } from '../../platform/table/types.ts';
import type { Member } from '../domain/member.ts';
import type { MemberStore } from '../ports.ts';
import { memberKey, memberPrefix, workspacePartition } from './keys.ts';

/** Without the profile: member-profiles alone writes that (profile-store.ts). */
const toItem = (workspaceId: string, { user_id, role, joined_at, version }: Member, founder: boolean): Item => ({
  ...memberKey(workspaceId, user_id),
  type: 'member',
  workspace_id: workspaceId,
  user_id,
  role,
  joined_at,
  version,
  ...(founder && { founder }),
});

/** One that joined before rows had a version is of the first. */
const fromItem = ({ user_id, role, joined_at, version = 1, name, email }: Item): Member =>
  ({ user_id, role, joined_at, version, ...(name !== undefined && { profile: { name, email } }) }) as Member;

const isOf = (version: number): Fragment =>
  version > 1
    ? equals('version', version)
    : { text: 'attribute_not_exists(#version) OR #version = :first', values: { first: 1 } };

/** The row is as it was read. */
const asRead = ({ role, version }: Member) => ({
  condition: all(equals('role', role), isOf(version)),
  otherwise: stale,
});

/** Every change is one of the row and of the user's principal, the row first: its refusal is the better one. */
export const createMemberStore = (table: Table): MemberStore => ({
  async find(workspaceId, userId) {
    const item = await table.get(memberKey(workspaceId, userId));
    return item && fromItem(item);
  },

  list: (workspaceId) => listMembers(table, workspaceId),

  insert: (workspaceId, member, options) => [
    {
      put: toItem(workspaceId, member, options?.owns === true),
      condition: absent,
      otherwise: () => conflict('member.exists'),
    },
    grantMembership(member.user_id, workspaceId, member.role, options),
  ],

  refuseUnknown: (workspaceId) => ({ check: memberKey(workspaceId, 'nobody'), condition: exists, otherwise: notFound }),

  regrade: (workspaceId, member, role, options) => [
    // The role alone: a put would bring back the profile as it was read.
    {
      update: memberKey(workspaceId, member.user_id),
      change: { text: 'SET #role = :role, #version = :next', values: { role, next: member.version + 1 } },
      ...asRead(member),
    },
    regradeMembership(member.user_id, workspaceId, role, options),
  ],

  remove: (workspaceId, member, options) => [
    { delete: memberKey(workspaceId, member.user_id), ...asRead(member) },
    revokeMembership(member.user_id, workspaceId, options),
  ],

  inherit: (workspaceId, heir) => takeOver(heir.user_id, workspaceId),
});

/** Strongly consistent: who has been removed is not in it. */
export async function listMembers(table: Table, workspaceId: string): Promise<Member[]> {
  return (await table.queryAll({ pk: workspacePartition(workspaceId), prefix: memberPrefix })).map(fromItem);
}
