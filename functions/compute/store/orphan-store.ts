import { exists } from '../../platform/table/fragment.ts';
import { key, keyPrefix } from '../../platform/table/key.ts';
import { refused, unlessRefused } from '../../platform/table/refused.ts';
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

export type OrphanId = Pick<Orphan, 'provider' | 'workspace_id' | 'instance_id'>;

/** Days for which a machine is listed that nobody can look at any more. */
const leftDays = 90;

const orphanKey = ({ provider, workspace_id, instance_id }: OrphanId) => ({
  pk: key('ORPHAN', provider),
  sk: key(workspace_id, instance_id),
});

export interface OrphanStore {
  /** Sees it again: the first time stays. */
  keep(orphan: Omit<Orphan, 'first_seen'>): Promise<void>;
  drop(orphan: OrphanId): Promise<void>;
  /** Nobody can look at it any more: it stays listed, as it was seen last, for 90 days. */
  leave(orphan: OrphanId, now: Date): Promise<void>;
}

export const createOrphanStore = (table: Table): OrphanStore => ({
  async keep({ last_seen, created_at, ...rest }) {
    const fields = { ...rest, last_seen, ...(created_at !== null && { created_at }) };
    const sets = Object.keys(fields).map((name) => `#${name} = :${name}`);
    const text = `SET ${sets.join(', ')}, #first_seen = if_not_exists(#first_seen, :last_seen) REMOVE #ttl`;
    await table.write({ update: orphanKey(rest), change: { text, values: fields } });
  },
  async drop(orphan) {
    await table.write({ delete: orphanKey(orphan) });
  },
  async leave(orphan, now) {
    const values = { ttl: Math.floor(now.getTime() / 1_000) + leftDays * 86_400 };
    const change = { text: 'SET #ttl = :ttl', values };
    // Not there: it was noted, and whoever noted it died before it was listed.
    await unlessRefused(table.write({ update: orphanKey(orphan), change, condition: exists, otherwise: refused }));
  },
});

const toOrphan = ({ pk: _, sk: __, ttl: ___, ...fields }: Item): Orphan =>
  ({ created_at: null, ...fields }) as unknown as Orphan;

/** Their list is no longer than an answer may be: 10,000 are 4 MB. */
const mostOrphans = 10_000;

/** Machines of a provider that belong to no VM, as the last looks found them: of one workspace, or of all. */
export const listOrphans =
  (table: Table) =>
  async (provider: string, workspaceId?: string): Promise<Orphan[]> => {
    const within = workspaceId === undefined ? {} : { prefix: keyPrefix(workspaceId) };
    return (await table.queryAll({ pk: key('ORPHAN', provider), ...within }, mostOrphans)).map(toOrphan);
  };
