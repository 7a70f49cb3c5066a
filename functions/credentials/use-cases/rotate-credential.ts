import type { credentialCheckRoutes } from '../../../contracts/credentials/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { rotatedCredential } from '../domain/credential.ts';
import type { CredentialStore, Ours, ResealData } from '../ports.ts';
import { findOwnSealed } from './find-own.ts';

interface Ports {
  credentials: CredentialStore;
  reseal: ResealData;
  ours: Ours;
}

/** Version and ciphertext change in one write, which holds the version that was read: who opens it meanwhile reads the one or the other, whole. */
export const rotateCredential =
  ({ credentials, reseal, ours }: Ports): UseCase<(typeof credentialCheckRoutes)['credentials.rotate']> =>
  async ({ params }, call) => {
    const { credential: before, sealed } = await findOwnSealed(credentials, params.id, call);
    const after = rotatedCredential(before, call.now);
    const resealed = await reseal(before, sealed, after);
    return call.commit(credentials.change(before, after, resealed), { data: ours.view(after), version: after.version });
  };
