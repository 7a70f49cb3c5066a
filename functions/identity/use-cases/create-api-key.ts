import { forbidden, invalid } from '../../../contracts/errors.ts';
import type { apiKeyRoutes } from '../../../contracts/identity/api-key-routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { exceeds } from '../domain/api-key.ts';
import type { ApiKeyStore, NewKeyText } from '../ports.ts';

interface CreateApiKey {
  apiKeys: ApiKeyStore;
  newKeyText: NewKeyText;
}

/** The key goes out with this answer and nowhere else: the table gets its hash. */
export const createApiKey =
  ({ apiKeys, newKeyText }: CreateApiKey): UseCase<(typeof apiKeyRoutes)['apikeys.create']> =>
  async ({ body }, call) => {
    const { userId, sessionId, role: makerRole } = call.caller;
    const role = body.role ?? makerRole;
    if (exceeds(role, makerRole)) throw forbidden();
    const end = body.expires_at === undefined ? null : new Date(body.expires_at);
    if (end !== null && end <= call.now)
      return call.answeredOr(invalid([{ path: 'body.expires_at', message: 'must be in the future' }]));

    const id = call.newId();
    const { text, prefix } = newKeyText({ userId, keyId: id });
    const key = {
      id,
      name: body.name,
      prefix,
      role,
      expires_at: end === null ? null : end.toISOString(),
      created_at: call.now.toISOString(),
      last_used_at: null,
    };
    return call.commit(apiKeys.insert({ userId, sessionId }, key, text), { data: { ...key, key: text } });
  };
