import type { credentialRoutes } from '../../../contracts/credentials/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { pageOf } from '../../platform/api/list.ts';
import type { CredentialStore, Ours } from '../ports.ts';

interface Ports {
  credentials: CredentialStore;
  ours: Ours;
}

/** One query a workspace, side by side. A workspace that the query names has been entered already. */
export const listCredentials =
  ({ credentials, ours }: Ports): UseCase<(typeof credentialRoutes)['credentials.list']> =>
  async ({ query }, call) => {
    const workspaceIds = query.workspace_id === undefined ? call.workspaces() : [query.workspace_id];
    const found = (await Promise.all(workspaceIds.map((id) => credentials.list(id)))).flat();
    const shown = found.filter(({ provider }) => query.provider === undefined || query.provider.includes(provider));
    const { page, pagination } = pageOf(shown.map(ours.view), query);
    return { data: { credentials: page, pagination } };
  };
