import type { Derive } from '../platform/outbox/effect.ts';

export type { Credential } from './domain/credential.ts';
export { credentialRemovals } from './store/credential-store.ts';
export { onlyCredentialOf } from './store/find-credential.ts';
export { useCredential } from './store/use-credential.ts';

/** Nothing outside follows from a credential's change. */
export const credentialChanged: Derive = () => [];
