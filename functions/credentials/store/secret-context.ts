import type { SecretContext } from '../../platform/crypto/context.ts';
import type { Credential } from '../domain/credential.ts';

/** What a secret is sealed to: in another row, or under another version of itself, it does not open. */
export const secretContext = ({ workspace_id, id, secret_version }: Credential): SecretContext => ({
  workspace_id,
  credential_id: id,
  version: secret_version,
});
