import { type credentialRoutes, dataField, givenData } from '../../../contracts/credentials/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { newCredential } from '../domain/credential.ts';
import { newSecret } from '../domain/new-secret.ts';
import type { CredentialStore, Ours, SealData } from '../ports.ts';

interface Ports {
  credentials: CredentialStore;
  seal: SealData;
  ours: Ours;
}

export const createCredential =
  ({ credentials, seal, ours }: Ports): UseCase<(typeof credentialRoutes)['credentials.create']> =>
  async ({ body }, call) => {
    const { workspace_id: workspaceId, name, provider } = body;
    const given = givenData(body);
    if (given === undefined) throw new Error('cannot create credential: the contract let one without data through');
    const { data, keyless } = newSecret(given, ours.newExternalId, { ...ours, field: dataField(body) });
    const credential = newCredential({ id: call.newId(), workspaceId, name, provider, keyless, now: call.now });
    const writes = credentials.insert(credential, await seal(credential, data));
    return call.commit(writes, { data: ours.view(credential), version: credential.version });
  };
