import type { credentialRoutes } from '../../../contracts/credentials/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import type { CredentialStore } from '../ports.ts';
import { findOwn } from './find-own.ts';

export const deleteCredential =
  ({ credentials }: { credentials: CredentialStore }): UseCase<(typeof credentialRoutes)['credentials.delete']> =>
  async ({ params }, call) => {
    const credential = await findOwn(credentials, params.id, call);
    call.expectVersion(credential.version);
    return call.commit(credentials.remove(credential), {});
  };
