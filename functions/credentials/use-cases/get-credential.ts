import type { credentialRoutes } from '../../../contracts/credentials/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import type { CredentialStore, Ours } from '../ports.ts';
import { findOwn } from './find-own.ts';

interface Ports {
  credentials: CredentialStore;
  ours: Ours;
}

export const getCredential =
  ({ credentials, ours }: Ports): UseCase<(typeof credentialRoutes)['credentials.get']> =>
  async ({ params }, call) => {
    const credential = await findOwn(credentials, params.id, call);
    return { data: ours.view(credential), version: credential.version };
  };
