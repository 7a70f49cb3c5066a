import type { apiKeyRoutes } from '../../../contracts/identity/api-key-routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { pageOf } from '../../platform/api/list.ts';
import { viewOfKey } from '../domain/api-key.ts';
import type { ApiKeyStore } from '../ports.ts';

export const listApiKeys =
  ({ apiKeys }: { apiKeys: ApiKeyStore }): UseCase<(typeof apiKeyRoutes)['apikeys.list']> =>
  async ({ query }, call) => {
    const { userId, role } = call.caller;
    const keys = await apiKeys.list(userId);
    const { page, pagination } = pageOf(
      keys.map((key) => viewOfKey(key, role)),
      query,
    );
    return { data: { api_keys: page, pagination } };
  };
