import { type credentialRoutes, givenData } from '../../../contracts/credentials/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { newCredential, viewOf } from '../domain/credential.ts';
import type { CredentialStore, SealData } from '../ports.ts';

interface Ports {
  credentials: CredentialStore;
  seal: SealData;
}

export const createCredential =
  ({ credentials, seal }: Ports): UseCase<(typeof credentialRoutes)['credentials.create']> =>
  async ({ body }, call) => {
    const { workspace_id: workspaceId, name, provider } = body;
    const data = givenData(body);
    if (data === undefined) throw new Error('cannot create credential: the contract let one without data through');
    const credential = newCredential({ id: call.newId(), workspaceId, name, provider, now: call.now });
    const writes = credentials.insert(credential, await seal(credential, data));
    return call.commit(writes, { data: viewOf(credential), version: credential.version });
  };
