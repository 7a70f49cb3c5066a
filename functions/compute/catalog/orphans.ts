import type { VmProvider } from '../../../contracts/compute/providers.ts';
import type { Orphan } from '../../../contracts/providers/catalog.ts';
import type { Table } from '../../platform/table/types.ts';
import { listOrphans } from '../store/orphan-store.ts';

/** As the reconciler saw them last, of all workspaces; the provider stands in the path. */
export const orphansOf =
  (table: Table) =>
  async (provider: VmProvider): Promise<Orphan[]> =>
    (await listOrphans(table)(provider)).map(({ provider: _, ...orphan }) => orphan);
