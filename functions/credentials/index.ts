export { credentialRemovals } from './store/credential-store.ts';
export { onlyCredentialOf } from './store/find-credential.ts';
export { useCredential } from './store/use-credential.ts';
