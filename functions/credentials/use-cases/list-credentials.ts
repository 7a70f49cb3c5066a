import type { credentialRoutes } from '../../../contracts/credentials/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { pageOf } from '../../platform/api/list.ts';
import { viewOf } from '../domain/credential.ts';
import type { CredentialStore } from '../ports.ts';

/** One query a workspace, side by side. A workspace that the query names has been entered already. */
export const listCredentials =
  ({ credentials }: { credentials: CredentialStore }): UseCase<(typeof credentialRoutes)['credentials.list']> =>
  async ({ query }, call) => {
    const workspaceIds = query.workspace_id === undefined ? call.workspaces() : [query.workspace_id];
    const found = (await Promise.all(workspaceIds.map((id) => credentials.list(id)))).flat();
    const shown = found.filter(({ provider }) => query.provider === undefined || query.provider.includes(provider));
    const { page, pagination } = pageOf(shown.map(viewOf), query);
    return { data: { credentials: page, pagination } };
  };
