import { conflict, notFound, stale } from '../../../contracts/errors.ts';
import type { Sealed } from '../../platform/crypto/sealed.ts';
import { all, equals } from '../../platform/table/fragment.ts';
import type { Fragment, Item, Refuse, Table, Write } from '../../platform/table/types.ts';
import { quotaMove } from '../../workspaces/index.ts';
import { type Credential, changesAccount } from '../domain/credential.ts';
import type { CredentialStore } from '../ports.ts';
import { fromItem, toItem } from './credential-item.ts';
import { credentialKey, credentialPartition, credentialPrefix } from './keys.ts';

const unused: Fragment = { text: '#uses = :none', values: { none: 0 } };

function refuseRemoval(old: Item | undefined): Error {
  if (old === undefined) return notFound();
  const uses = Number(old['uses']);
  return uses > 0 ? conflict('credential.in_use', { data: { blocking: { vms: uses } } }) : stale();
}

function refuseChange(old: Item | undefined, before: Credential, after: Credential): Error {
  if (old === undefined) return notFound();
  const uses = Number(old['uses']);
  if (uses === 0 || !changesAccount(before, after)) return stale();
  return conflict('credential.account_in_use', { data: { blocking: { vms: uses } } });
}

export const createCredentialStore = (table: Table): CredentialStore => ({
  async find(workspaceIds, id) {
    const item = await findItem(table, workspaceIds, id);
    return item && fromItem(item);
  },

  async findSealed(workspaceIds, id) {
    const item = await findItem(table, workspaceIds, id);
    return item && { credential: fromItem(item), sealed: item['sealed'] as Sealed };
  },

  list: async (workspaceId) => (await listItems(table, workspaceId)).map(fromItem),

  insert: (credential, sealed) => [
    quotaMove(credential.workspace_id, { credentials: 1 }),
    { put: toItem(credential, sealed) },
  ],

  change(before, after, sealed) {
    const { id, workspace_id, created_at: _, provider: __, ...changing } = after;
    const fields = { ...changing, ...(sealed && { sealed }) };
    const held = equals('version', before.version);
    const sets = Object.keys(fields).map((field) => `#${field} = :${field}`);
    // Field by field: `uses` moves meanwhile, and is not of this version.
    return [
      {
        update: credentialKey(workspace_id, id),
        change: { text: `SET ${sets.join(', ')}`, values: fields },
        // Machines of one account can't be ended, nor even found, in another.
        condition: changesAccount(before, after) ? all(unused, held) : held,
        otherwise: (old) => refuseChange(old, before, after),
      },
    ];
  },

  remove: (credential) => [removal(credential), quotaMove(credential.workspace_id, { credentials: -1 })],
});

async function findItem(table: Table, workspaceIds: readonly string[], id: string): Promise<Item | undefined> {
  const [item] = await table.getMany(workspaceIds.map((workspaceId) => credentialKey(workspaceId, id)));
  return item;
}

const listItems = (table: Table, workspaceId: string) =>
  table.queryAll({ pk: credentialPartition(workspaceId), prefix: credentialPrefix });

const removal = ({ workspace_id, id, version }: Credential, otherwise: Refuse = refuseRemoval): Write => ({
  delete: credentialKey(workspace_id, id),
  condition: all(unused, equals('version', version)),
  otherwise,
});

/** For the deletion of the whole workspace, which counts its quota by itself. What has changed meanwhile is CONFLICT `version.stale`. */
export async function credentialRemovals(table: Table, workspaceId: string): Promise<Write[]> {
  const credentials = (await listItems(table, workspaceId)).map(fromItem);
  return credentials.map((credential) =>
    removal(credential, (old) => (old === undefined ? stale() : refuseRemoval(old))),
  );
}
