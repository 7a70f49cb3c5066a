import type { credentialCheckRoutes, credentialRoutes } from '../../../contracts/credentials/routes.ts';
import type { UseCases } from '../../platform/api/call.ts';
import type { CredentialStore, OpenData, Ours, ResealData, SealData, Verifiers } from '../ports.ts';
import { createCredential } from './create-credential.ts';
import { deleteCredential } from './delete-credential.ts';
import { getCredential } from './get-credential.ts';
import { listCredentials } from './list-credentials.ts';
import { rotateCredential } from './rotate-credential.ts';
import { updateCredential } from './update-credential.ts';
import { verifyCredential } from './verify-credential.ts';

export interface CredentialPorts {
  credentials: CredentialStore;
  seal: SealData;
  ours: Ours;
}

export const credentialUseCases = (ports: CredentialPorts): UseCases<typeof credentialRoutes> => ({
  'credentials.create': createCredential(ports),
  'credentials.list': listCredentials(ports),
  'credentials.get': getCredential(ports),
  'credentials.update': updateCredential(ports),
  'credentials.delete': deleteCredential(ports),
});

export interface CredentialCheckPorts {
  credentials: CredentialStore;
  open: OpenData;
  reseal: ResealData;
  verifiers: Verifiers;
  ours: Ours;
}

export const credentialCheckUseCases = (ports: CredentialCheckPorts): UseCases<typeof credentialCheckRoutes> => ({
  'credentials.verify': verifyCredential(ports),
  'credentials.rotate': rotateCredential(ports),
});
