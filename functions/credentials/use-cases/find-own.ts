import { notFound } from '../../../contracts/errors.ts';
import type { Call } from '../../platform/api/call.ts';
import type { Credential } from '../domain/credential.ts';
import type { CredentialStore, SealedCredential } from '../ports.ts';

/** The credential of this id in the caller's workspaces, with the route's role in its workspace checked. */
export async function findOwn(credentials: CredentialStore, id: string, call: Call): Promise<Credential> {
  const credential = await credentials.find(call.workspaces(), id);
  if (credential === undefined) throw notFound();
  call.enter(credential.workspace_id);
  return credential;
}

/** As `findOwn`, with the secret as it is stored; holds the version of `If-Match`. */
export async function findOwnSealed(credentials: CredentialStore, id: string, call: Call): Promise<SealedCredential> {
  const found = await credentials.findSealed(call.workspaces(), id);
  if (found === undefined) throw notFound();
  call.enter(found.credential.workspace_id);
  call.expectVersion(found.credential.version);
  return found;
}
