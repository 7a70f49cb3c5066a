import { accountOfRole } from '../../../contracts/credentials/aws.ts';
import type { CredentialData } from '../../../contracts/credentials/data.ts';
import { invalid } from '../../../contracts/errors.ts';
import type { KeylessRole } from './credential.ts';

/** What is sealed: what the user gave, and with a role the external id that it did not choose. */
export type SecretData = CredentialData | (CredentialData & { external_id: string });

export interface NewSecret {
  data: SecretData;
  keyless: KeylessRole | null;
}

interface Place {
  ourRoles: string;
  /** The name that the data came under. */
  field: 'data' | 'credentials';
}

/**
 * A role of our own account is refused: its trust policy may let in whoever belongs to the account, without any external id
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
 */
export function newSecret(data: CredentialData, externalId: () => string, { ourRoles, field }: Place): NewSecret {
  if (!('role_arn' in data)) return { data, keyless: null };
  const { role_arn } = data;
  if (accountOfRole(role_arn) === accountOfRole(ourRoles)) {
    throw invalid([{ path: `body.${field}.role_arn`, message: 'must be a role of an account of your own' }]);
  }
  const keyless = { role_arn, external_id: externalId() };
  return { data: { ...data, external_id: keyless.external_id }, keyless };
}
