import type * as z from 'zod';
import { dataByProvider } from '../../contracts/credentials/data.ts';
import type { ProviderName } from '../../contracts/credentials/providers.ts';
import { awsSecret } from '../platform/aws/aws-secret.ts';
import { type OpenWith, openJsonSecret } from '../platform/crypto/open.ts';
import type { Sealed } from '../platform/crypto/sealed.ts';
import type { Item, Table } from '../platform/table/types.ts';
import { isUnverified } from './domain/credential.ts';
import { fromItem } from './store/credential-item.ts';
import { credentialKey } from './store/keys.ts';
import { secretContext } from './store/secret-context.ts';

/** The credential was deleted, or never was in this workspace. */
export class CredentialNotFound extends Error {
  constructor() {
    super('cannot open credential: there is none');
    this.name = 'CredentialNotFound';
  }
}

/** Its role has not let us in with its external id, and with no other, yet: until then it may be anybody's. */
export class CredentialNotVerified extends Error {
  constructor() {
    super('cannot open credential: its role has not been verified');
    this.name = 'CredentialNotVerified';
  }
}

/** What is sealed, by provider: of a role, our external id too. */
const secrets = { ...dataByProvider, aws: awsSecret } satisfies Record<ProviderName, z.ZodType>;
export type Secret = z.output<(typeof secrets)[ProviderName]>;

/** The secret of a credential that has been read: one call of KMS. Throws CredentialNotVerified, CannotOpenSecret. */
export const openItem =
  (using: OpenWith) =>
  async (item: Item): Promise<Secret> => {
    const credential = fromItem(item);
    if (isUnverified(credential)) throw new CredentialNotVerified();
    const secret = await openJsonSecret(using, secretContext(credential), item['sealed'] as Sealed);
    return secrets[credential.provider].parse(secret);
  };

/**
 * The secret of a credential in clear, for calling its provider: one read, one call of KMS. Only workers may import this; a function that does
 * holds `kms:Decrypt`. An inactive credential opens, too: what was made with it must still be removed. Throws CredentialNotFound, CredentialNotVerified,
 * CannotOpenSecret.
 */
export const openCredential =
  ({ table, ...using }: OpenWith & { table: Table }) =>
  async (workspaceId: string, credentialId: string): Promise<Secret> => {
    const item = await table.get(credentialKey(workspaceId, credentialId));
    if (item === undefined) throw new CredentialNotFound();
    return openItem(using)(item);
  };
