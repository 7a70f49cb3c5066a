import type { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { assertMayTouch } from '../domain/member.ts';
import type { MemberStore, QuotaStore, UserDirectory } from '../ports.ts';

interface Stores {
  members: MemberStore;
  quotas: QuotaStore;
  users: UserDirectory;
}

/** An unknown user id is found out by the transaction itself; an address takes a read. */
export const addMember =
  ({ members, quotas, users }: Stores): UseCase<(typeof workspaceRoutes)['members.add']> =>
  async ({ params, body }, call) => {
    assertMayTouch(call.enter(params.id), body.role);
    const userId = 'user_id' in body ? body.user_id : (await users.findByEmail(body.email))?.id;
    if (userId === undefined) return call.commit([members.refuseUnknown(params.id)], {});
    const member = { user_id: userId, role: body.role, joined_at: call.now.toISOString(), version: 1 };
    const writes = [quotas.admit(params.id, body.role), ...members.insert(params.id, member)];
    return call.commit(writes, { resourceId: userId });
  };
