import { type credentialRoutes, givenData } from '../../../contracts/credentials/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { changeCredential, viewOf } from '../domain/credential.ts';
import type { CredentialStore, SealData } from '../ports.ts';
import { findOwn } from './find-own.ts';

interface Ports {
  credentials: CredentialStore;
  seal: SealData;
}

/** A new secret is sealed under its own version: one call of KMS. A new name costs none. */
export const updateCredential =
  ({ credentials, seal }: Ports): UseCase<(typeof credentialRoutes)['credentials.update']> =>
  async ({ params, body }, call) => {
    const before = await findOwn(credentials, params.id, call);
    call.expectVersion(before.version);
    const data = givenData(body);
    const after = changeCredential(
      before,
      { name: body.name, is_active: body.is_active, newSecret: data !== undefined },
      call.now,
    );
    const answer = { data: viewOf(after), version: after.version };
    if (after === before) return call.commit([], answer);
    const sealed = data && (await seal(after, data));
    return call.commit(credentials.change(before, after, sealed), answer);
  };
