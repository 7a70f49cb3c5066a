import { key, keyPrefix } from '../../platform/table/key.ts';
import type { Item, Table } from '../../platform/table/types.ts';

/** A machine that carries our tag and belongs to no VM. */
export interface Orphan {
  provider: string;
  workspace_id: string;
  credential_id: string;
  region: string;
  /** The provider's own id of the machine. */
  instance_id: string;
  /** The VM that its tag names. */
  vm_id: string;
  state: string;
  created_at: string | null;
  first_seen: string;
  last_seen: string;
}

const orphanKey = ({
  provider,
  workspace_id,
  instance_id,
}: Pick<Orphan, 'provider' | 'workspace_id' | 'instance_id'>) => ({
  pk: key('ORPHAN', provider),
  sk: key(workspace_id, instance_id),
});

export interface OrphanStore {
  /** Sees it again: the first time stays. */
  keep(orphan: Omit<Orphan, 'first_seen'>): Promise<void>;
  drop(orphan: Pick<Orphan, 'provider' | 'workspace_id' | 'instance_id'>): Promise<void>;
}

export const createOrphanStore = (table: Table): OrphanStore => ({
  async keep({ last_seen, created_at, ...rest }) {
    const fields = { ...rest, last_seen, ...(created_at !== null && { created_at }) };
    const sets = Object.keys(fields).map((name) => `#${name} = :${name}`);
    const text = `SET ${sets.join(', ')}, #first_seen = if_not_exists(#first_seen, :last_seen)`;
    await table.write({ update: orphanKey(rest), change: { text, values: fields } });
  },
  async drop(orphan) {
    await table.write({ delete: orphanKey(orphan) });
  },
});

const toOrphan = ({ pk: _, sk: __, ...fields }: Item): Orphan => ({ created_at: null, ...fields }) as unknown as Orphan;

/** Their list is no longer than an answer may be: 10,000 are 4 MB. */
const mostOrphans = 10_000;

/** Machines of a provider that belong to no VM, as the last looks found them: of one workspace, or of all. */
export const listOrphans =
  (table: Table) =>
  async (provider: string, workspaceId?: string): Promise<Orphan[]> => {
    const within = workspaceId === undefined ? {} : { prefix: keyPrefix(workspaceId) };
    return (await table.queryAll({ pk: key('ORPHAN', provider), ...within }, mostOrphans)).map(toOrphan);
  };
