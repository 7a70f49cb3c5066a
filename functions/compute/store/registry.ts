import { equals } from '../../platform/table/fragment.ts';
import { key, keyParts } from '../../platform/table/key.ts';
import { refused } from '../../platform/table/refused.ts';
import type { Item, PlainWrite, Table } from '../../platform/table/types.ts';
import type { VmRecord } from '../domain/vm.ts';

/** A credential and region of a workspace in which there may be machines: what the reconciler looks at. */
export interface Group {
  workspace_id: string;
  credential_id: string;
  region: string;
  provider: VmRecord['provider'];
  /** Another one after each VM that was made there. */
  stamp: string;
}

const partition = key('RECONCILE');
const groupKey = ({ workspace_id, credential_id, region }: Omit<Group, 'provider' | 'stamp'>) => ({
  pk: partition,
  sk: key(workspace_id, credential_id, region),
});

/**
 * In the transaction that makes a VM, once for each group: so a VM that nobody starts to work on is found as well, and no removal of the
 * group that began before can lose it.
 */
export const registration = ({ id, workspace_id, credential_id, region, provider }: VmRecord): PlainWrite => ({
  put: { ...groupKey({ workspace_id, credential_id, region }), provider, stamp: id },
});

const toGroup = ({ sk, provider, stamp }: Item): Group => {
  const [workspace_id = '', credential_id = '', region = ''] = keyParts(sk);
  return { workspace_id, credential_id, region, provider: provider as Group['provider'], stamp: String(stamp) };
};

/** Bounded by what a person can pay for: 20,000 groups of 150 bytes are 3 pages. */
export const listGroups = async (table: Table): Promise<Group[]> =>
  (await table.queryAll({ pk: partition, consistent: false }, 20_000)).map(toGroup);

/** Unless a VM was made there since the group was read. */
export const unregistration = (group: Group): PlainWrite => ({
  delete: groupKey(group),
  condition: equals('stamp', group.stamp),
  otherwise: refused,
});
