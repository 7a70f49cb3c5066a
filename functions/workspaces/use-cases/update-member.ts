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

export const updateMember =
  ({ workspaces, members, quotas }: Stores): UseCase<(typeof workspaceRoutes)['members.update']> =>
  async ({ params, body: { role } }, call) => {
    const actor = call.enter(params.id);
    const member = await members.find(params.id, params.userID);
    if (member === undefined) throw notFound();
    assertMayTouch(actor, member.role, role);
    call.expectVersion(member.version);
    const answer = { resourceId: member.user_id, version: member.version };
    if (member.role === role) return call.commit([], answer);
    const { disowns, writes } = await handOver({ workspaces, members }, params.id, member, call.now);
    const owners = Number(role === 'owner') - Number(member.role === 'owner');
    const counted = owners === 0 ? [] : [quotas.countMembers(params.id, { owners })];
    return call.commit([...counted, ...members.regrade(params.id, member, role, { disowns }), ...writes], {
      ...answer,
      version: member.version + 1,
    });
  };
