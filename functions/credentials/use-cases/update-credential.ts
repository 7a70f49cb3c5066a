import { type CredentialData, dataByProvider } from '../../../contracts/credentials/data.ts';
import { type credentialRoutes, dataField, givenData } from '../../../contracts/credentials/routes.ts';
import { invalid } from '../../../contracts/errors.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { type Credential, changeCredential } from '../domain/credential.ts';
import { type NewSecret, newSecret } from '../domain/new-secret.ts';
import type { CredentialStore, Ours, SealData } from '../ports.ts';
import { findOwn } from './find-own.ts';

interface Ports {
  credentials: CredentialStore;
  seal: SealData;
  ours: Ours;
}

/** A credential keeps its provider, and once it has an external id, that too: the trust policy that was pasted stays right. */
function secretFor(
  { provider, keyless }: Credential,
  given: CredentialData | undefined,
  { newExternalId, ourRoles }: Ours,
  field: 'data' | 'credentials',
): NewSecret | undefined {
  if (given === undefined) return undefined;
  if (!dataByProvider[provider].safeParse(given).success) {
    throw invalid([{ path: `body.${field}`, message: `must be the data of a credential of ${provider}` }]);
  }
  return newSecret(given, () => keyless?.external_id ?? newExternalId(), { ourRoles, field });
}

/** A new secret is sealed under its own version: one call of KMS. A new name costs none. */
export const updateCredential =
  ({ credentials, seal, ours }: Ports): UseCase<(typeof credentialRoutes)['credentials.update']> =>
  async ({ params, body }, call) => {
    const before = await findOwn(credentials, params.id, call);
    call.expectVersion(before.version);
    const secret = secretFor(before, givenData(body), ours, dataField(body));
    const after = changeCredential(before, { name: body.name, is_active: body.is_active, secret }, call.now);
    const answer = { data: ours.view(after), version: after.version };
    if (after === before) return call.commit([], answer);
    const sealed = secret && (await seal(after, secret.data));
    return call.commit(credentials.change(before, after, sealed), answer);
  };
