import { notFound } from '../../../contracts/errors.ts';
import type { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { assertMayTouch } from '../domain/member.ts';
import type { MemberStore, QuotaStore, WorkspaceStore } from '../ports.ts';
import { handOver } from './hand-over.ts';

interface Stores {
  workspaces: WorkspaceStore;
  members: MemberStore;
  quotas: QuotaStore;
}

/** Whoever may see the workspace may leave it; who sends others away must be an admin of it, and an owner for owners. */
export const removeMember =
  ({ workspaces, members, quotas }: Stores): UseCase<(typeof workspaceRoutes)['members.remove']> =>
  async ({ params }, call) => {
    const leaves = params.userID === call.caller.userId;
    const actor = call.enter(params.id, leaves ? 'viewer' : 'admin');
    const member = await members.find(params.id, params.userID);
    if (member === undefined) throw notFound();
    if (!leaves) assertMayTouch(actor, member.role);
    const { disowns, writes } = await handOver({ workspaces, members }, params.id, member, call.now);
    const counted = quotas.countMembers(params.id, { members: -1, owners: member.role === 'owner' ? -1 : 0 });
    return call.commit([counted, ...members.remove(params.id, member, { disowns }), ...writes], {
      resourceId: member.user_id,
    });
  };
