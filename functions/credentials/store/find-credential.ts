import type { ProviderName } from '../../../contracts/credentials/providers.ts';
import { invalid } from '../../../contracts/errors.ts';
import type { IssueMessage } from '../../../contracts/shared/issue-messages.ts';
import type { Table } from '../../platform/table/types.ts';
import type { Credential } from '../domain/credential.ts';
import { createCredentialStore } from './credential-store.ts';

const required = (message: IssueMessage) => invalid([{ path: 'body.credential_id', message }]);

/** The one active credential of a provider in a workspace, for a request that names none: one query. None or several is a VALIDATION_ERROR. */
export const onlyCredentialOf =
  (table: Table) =>
  async (workspaceId: string, provider: ProviderName): Promise<Credential> => {
    const credentials = await createCredentialStore(table).list(workspaceId);
    const [only, ...others] = credentials.filter(
      (credential) => credential.provider === provider && credential.is_active,
    );
    if (only === undefined) throw required(`the workspace has no active ${provider} credential`);
    if (others.length > 0) throw required(`is required: the workspace has several active ${provider} credentials`);
    return only;
  };
