import { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import { credentialRemovals } from '../../credentials/index.ts';
import { userStore } from '../../identity/index.ts';
import { createApi } from '../../platform/api/create-api.ts';
import { apiDependenciesFromEnv } from '../../platform/api/dependencies-from-env.ts';
import { createMemberStore } from '../store/member-store.ts';
import { createQuotaStore } from '../store/quota-store.ts';
import { createWorkspaceStore } from '../store/workspace-store.ts';
import { workspaceUseCases } from '../use-cases/index.ts';

const dependencies = apiDependenciesFromEnv();
const { table } = dependencies;

const useCases = workspaceUseCases({
  workspaces: createWorkspaceStore(table),
  members: createMemberStore(table),
  quotas: createQuotaStore(table),
  users: userStore(table),
  credentials: { removals: (workspaceId) => credentialRemovals(table, workspaceId) },
});

export const handler = createApi(workspaceRoutes, useCases, dependencies);
