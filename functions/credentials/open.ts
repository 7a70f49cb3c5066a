import { type AwsData, dataByProvider } from '../../contracts/credentials/data.ts';
import { type OpenWith, openJsonSecret } from '../platform/crypto/open.ts';
import type { Sealed } from '../platform/crypto/sealed.ts';
import type { Table } from '../platform/table/types.ts';
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

/**
 * The secret of a credential in clear, for calling its provider: one read, one call of KMS. Only the provider worker may import this; a function that does
 * holds `kms:Decrypt`. An inactive credential opens, too: what was made with it must still be removed. Throws CredentialNotFound, CannotOpenSecret.
 */
export const openCredential =
  ({ table, ...using }: OpenWith & { table: Table }) =>
  async (workspaceId: string, credentialId: string): Promise<AwsData> => {
    const item = await table.get(credentialKey(workspaceId, credentialId));
    if (item === undefined) throw new CredentialNotFound();
    const secret = await openJsonSecret(using, secretContext(fromItem(item)), item['sealed'] as Sealed);
    return dataByProvider.aws.parse(secret);
  };
