import { conflict, stale } from '../../../contracts/errors.ts';
import { scheduleRemoval } from '../../compute/index.ts';
import { absent, equals } from '../../platform/table/fragment.ts';
import type { Item, Table, Write } from '../../platform/table/types.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { WorkspaceStore } from '../ports.ts';
import { nameKey, namesOf, workspaceKey } from './keys.ts';

const toItem = ({ deleting, teardown, ...fields }: Workspace): Item => ({
  ...workspaceKey(fields.id),
  type: 'workspace',
  ...fields,
  ...(deleting && { deleting }),
  ...(teardown && { teardown }),
});

/** `imported` is a backup's mark: written back, it would keep the stream's consumers from what changes later. */
export function fromItem(item: Item): Workspace {
  const { pk: _pk, sk: _sk, type: _type, imported: _imported, deleting, ...fields } = item;
  return { ...(fields as unknown as Omit<Workspace, 'deleting'>), deleting: deleting === true };
}

const nameTaken = () => conflict('workspace.name_taken');

const claimName = ({ id, owner_id, name }: Workspace, taken: () => Error): Write => ({
  put: { ...nameKey(owner_id, name), workspace_id: id },
  condition: absent,
  otherwise: taken,
});

const freeName = ({ id, owner_id, name }: Workspace): Write => ({
  delete: nameKey(owner_id, name),
  condition: equals('workspace_id', id),
  otherwise: stale,
});

export const createWorkspaceStore = (table: Table): WorkspaceStore => ({
  async find(id) {
    const item = await table.get(workspaceKey(id));
    return item && fromItem(item);
  },

  async findMany(ids) {
    return (await table.getMany(ids.map(workspaceKey))).map(fromItem);
  },

  async findOwn(userId) {
    const names = await table.queryAll(namesOf(userId));
    const found = (await table.getMany(names.map((name) => workspaceKey(String(name['workspace_id']))))).map(fromItem);
    // One that was handed over between the two reads is another's by now.
    return found.filter(({ owner_id }) => owner_id === userId);
  },

  insert: (workspace) => [claimName(workspace, nameTaken), { put: toItem(workspace) }],

  change(before, after, taken = nameTaken) {
    const held: Write = {
      put: toItem(after),
      was: toItem(before),
      condition: equals('version', before.version),
      otherwise: stale,
    };
    const [from, to] = [nameKey(before.owner_id, before.name), nameKey(after.owner_id, after.name)];
    const keepsName = from.pk === to.pk && from.sk === to.sk;
    return keepsName ? [held] : [held, claimName(after, taken), freeName(before)];
  },

  assertNotOwnedBy: (id, userId) => ({
    check: workspaceKey(id),
    condition: { text: '#owner_id <> :user', values: { user: userId } },
    otherwise: stale,
  }),

  remove: (workspace) => [
    {
      delete: workspaceKey(workspace.id),
      was: toItem(workspace),
      condition: equals('version', workspace.version),
      otherwise: stale,
    },
    freeName(workspace),
    scheduleRemoval(workspace.id),
  ],

  apply: (writes) => table.transact(writes),
});
