import { notFound } from '../../../contracts/errors.ts';
import type { Call } from '../../platform/api/call.ts';
import type { Credential } from '../domain/credential.ts';
import type { CredentialStore } from '../ports.ts';

/** The credential of this id in the caller's workspaces, with the route's role in its workspace checked. */
export async function findOwn(credentials: CredentialStore, id: string, call: Call): Promise<Credential> {
  const credential = await credentials.find(call.workspaces(), id);
  if (credential === undefined) throw notFound();
  call.enter(credential.workspace_id);
  return credential;
}
