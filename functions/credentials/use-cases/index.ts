import type { credentialRoutes } from '../../../contracts/credentials/routes.ts';
import type { UseCases } from '../../platform/api/call.ts';
import type { CredentialStore, SealData } from '../ports.ts';
import { createCredential } from './create-credential.ts';
import { deleteCredential } from './delete-credential.ts';
import { getCredential } from './get-credential.ts';
import { listCredentials } from './list-credentials.ts';
import { updateCredential } from './update-credential.ts';

export interface CredentialPorts {
  credentials: CredentialStore;
  seal: SealData;
}

export const credentialUseCases = (ports: CredentialPorts): UseCases<typeof credentialRoutes> => ({
  'credentials.create': createCredential(ports),
  'credentials.list': listCredentials(ports),
  'credentials.get': getCredential(ports),
  'credentials.update': updateCredential(ports),
  'credentials.delete': deleteCredential(ports),
});
