import type { credentialRoutes } from '../../../contracts/credentials/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { viewOf } from '../domain/credential.ts';
import type { CredentialStore } from '../ports.ts';
import { findOwn } from './find-own.ts';

export const getCredential =
  ({ credentials }: { credentials: CredentialStore }): UseCase<(typeof credentialRoutes)['credentials.get']> =>
  async ({ params }, call) => {
    const credential = await findOwn(credentials, params.id, call);
    return { data: viewOf(credential), version: credential.version };
  };
