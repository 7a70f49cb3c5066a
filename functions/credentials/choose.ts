import type { ProviderName } from '../../contracts/credentials/providers.ts';
import { conflict, invalid, notFound } from '../../contracts/errors.ts';
import type { IssueMessage } from '../../contracts/shared/issue-messages.ts';
import type { OpenWith } from '../platform/crypto/open.ts';
import { inParallel } from '../platform/in-parallel.ts';
import type { Item, Table } from '../platform/table/types.ts';
import { openItem, type Secret } from './open.ts';
import { credentialKey, credentialPartition, credentialPrefix } from './store/keys.ts';

interface Choice {
  provider: ProviderName;
  workspaceIds: readonly string[];
  credentialId: string | undefined;
}

interface Chosen {
  id: string;
  workspaceId: string;
  open(): Promise<Secret>;
}

/** A caller may be in 100 workspaces. */
const atOnce = 10;

const required = (message: IssueMessage) => invalid([{ path: 'query.credential_id', message }]);

async function findNamed(table: Table, { provider, workspaceIds, credentialId = '' }: Choice): Promise<Item> {
  const [item] = await table.getMany(workspaceIds.map((workspaceId) => credentialKey(workspaceId, credentialId)));
  if (item === undefined) throw notFound();
  if (item['provider'] !== provider)
    throw conflict('credential.other_provider', { params: { provider: String(item['provider']) } });
  if (item['is_active'] !== true) throw conflict('credential.inactive');
  return item;
}

async function findOnly(table: Table, { provider, workspaceIds }: Choice): Promise<Item> {
  const lists = await inParallel(atOnce, workspaceIds, (workspaceId) =>
    table.queryAll({ pk: credentialPartition(workspaceId), prefix: credentialPrefix }),
  );
  const [only, ...others] = lists.flat().filter((item) => item['provider'] === provider && item['is_active'] === true);
  if (only === undefined) throw required(`you have no active ${provider} credential here`);
  if (others.length > 0) throw required(`is required: there are several active ${provider} credentials`);
  return only;
}

/**
 * The credential that a read of a provider goes by: the one that is named, or the only active one of the provider in these workspaces. One trip where it is
 * named or one workspace is; opening it is a call of KMS and no trip more. Like `openCredential`, only for functions that hold `kms:Decrypt`.
 */
export const chooseCredential =
  ({ table, ...using }: OpenWith & { table: Table }) =>
  async (choice: Choice): Promise<Chosen> => {
    const item = await (choice.credentialId === undefined ? findOnly : findNamed)(table, choice);
    return {
      id: String(item['id']),
      workspaceId: String(item['workspace_id']),
      open: () => openItem(using)(item),
    };
  };
