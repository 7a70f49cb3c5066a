import type { apiKeyRoutes } from '../../../contracts/identity/api-key-routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import type { ApiKeyStore } from '../ports.ts';

/** One's own alone: another user's is not found. */
export const deleteApiKey =
  ({ apiKeys }: { apiKeys: ApiKeyStore }): UseCase<(typeof apiKeyRoutes)['apikeys.delete']> =>
  async ({ params }, call) =>
    call.commit(apiKeys.remove(call.caller.userId, params.id), { resourceId: params.id });
