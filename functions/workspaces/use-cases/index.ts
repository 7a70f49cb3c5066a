import type { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import type { UseCases } from '../../platform/api/call.ts';
import type { MemberStore, QuotaStore, UserDirectory, WorkspaceContents, WorkspaceStore } from '../ports.ts';
import { addMember } from './add-member.ts';
import { createWorkspace } from './create-workspace.ts';
import { deleteWorkspace } from './delete-workspace.ts';
import { getQuotas } from './get-quotas.ts';
import { getWorkspace } from './get-workspace.ts';
import { listMembers } from './list-members.ts';
import { listWorkspaces } from './list-workspaces.ts';
import { removeMember } from './remove-member.ts';
import { updateMember } from './update-member.ts';
import { updateQuotas } from './update-quotas.ts';
import { updateWorkspace } from './update-workspace.ts';

export interface WorkspacePorts {
  workspaces: WorkspaceStore;
  members: MemberStore;
  quotas: QuotaStore;
  users: UserDirectory;
  credentials: WorkspaceContents;
}

export const workspaceUseCases = (ports: WorkspacePorts): UseCases<typeof workspaceRoutes> => ({
  'workspaces.create': createWorkspace(ports),
  'workspaces.list': listWorkspaces(ports),
  'workspaces.get': getWorkspace(ports),
  'workspaces.update': updateWorkspace(ports),
  'workspaces.delete': deleteWorkspace(ports),
  'members.list': listMembers(ports),
  'members.add': addMember(ports),
  'members.update': updateMember(ports),
  'members.remove': removeMember(ports),
  'quotas.get': getQuotas(ports),
  'quotas.update': updateQuotas(ports),
});
