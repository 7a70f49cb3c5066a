import { userStore } from '../../identity/index.ts';
import type { Table } from '../../platform/table/types.ts';
import { workspaceNameOf } from '../../workspaces/index.ts';
import type { Names } from '../ports.ts';

export const createNames = (table: Table): Names => ({
  user: async (id) => (await userStore(table).find(id))?.name,
  workspace: workspaceNameOf(table),
});
