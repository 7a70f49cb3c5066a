import { describe, expect, it } from 'vitest';
import { type WorkspaceRole, workspaceRoles } from '../../../contracts/shared/permissions.ts';
import { type Actor, assertMayTouch, heirOf, type Member } from '../../../functions/workspaces/domain/member.ts';

const may = (actor: Actor, ...roles: WorkspaceRole[]) => {
  try {
    assertMayTouch(actor, ...roles);
    return true;
  } catch {
    return false;
  }
};

describe('who may touch a member', () => {
  it('is an owner or manager for everybody, an admin up to admin, nobody else', () => {
    for (const role of workspaceRoles) {
      expect([role, may('owner', role), may('manager', role), may('admin', role)]).toEqual([
        role,
        true,
        true,
        role !== 'owner',
      ]);
      expect([may('member', role), may('viewer', role)]).toEqual([false, false]);
    }
  });

  it('is judged by what the member was and by what it becomes', () => {
    expect([may('admin', 'member', 'owner'), may('admin', 'owner', 'member'), may('admin', 'viewer', 'admin')]).toEqual(
      [false, false, true],
    );
  });
});

describe('the heir', () => {
  const member = (user_id: string, role: WorkspaceRole, joined_at: string): Member => ({
    user_id,
    role,
    joined_at,
    version: 1,
  });

  it('is the owner who joined first, of those that stay', () => {
    const members = [
      member('founder', 'owner', '2026-01-01'),
      member('admin', 'admin', '2026-01-02'),
      member('late', 'owner', '2026-01-04'),
      member('early', 'owner', '2026-01-03'),
    ];
    expect(heirOf(members, 'founder')?.user_id).toBe('early');
    expect(heirOf(members.toReversed(), 'founder')?.user_id).toBe('early');
    expect(heirOf(members, 'early')?.user_id).toBe('founder');
  });

  it('of those who joined at once is the one with the lower id', () => {
    const members = [member('b', 'owner', '2026-01-01'), member('a', 'owner', '2026-01-01')];
    expect(heirOf(members, 'c')?.user_id).toBe('a');
  });

  it('is nobody where no other owner is', () => {
    expect(heirOf([member('a', 'owner', '1'), member('b', 'admin', '1')], 'a')).toBeUndefined();
  });
});
