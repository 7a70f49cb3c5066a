import { auditPartition } from '../../platform/api/audit-partition.ts';
import { key, keyPrefix } from '../../platform/table/key.ts';
import type { Key } from '../../platform/table/types.ts';
import type { Partition, Position } from '../domain/audit-row.ts';
import type { Digest } from '../domain/digest.ts';
import { dayOf } from '../domain/digest.ts';

/** As the API's middleware writes them. */
export const rowPartition = ({ scope, month }: Partition): string => auditPartition(scope, month);
export const rowKey = (partition: Partition, position: Position): Key => ({
  pk: rowPartition(partition),
  sk: position,
});

export const chainPartition = (scope: string): string => key('AUDITCHAIN', scope);
export const headPrefix = keyPrefix('HEAD');
export const headKey = ({ scope, month }: Partition): Key => ({ pk: chainPartition(scope), sk: key('HEAD', month) });

/** Ten digits, so that text sorts as numbers do. */
export const blockKey = ({ scope, month }: Partition, seq: number): Key => ({
  pk: chainPartition(scope),
  sk: key('BLOCK', month, String(seq).padStart(10, '0')),
});

/** Which scopes have a chain in a month. A month is no id, so this can not be a chain's partition. */
export const monthPartition = (month: string): string => key('AUDITCHAIN', month);

export const dayPartition = (day: string): string => key('AUDITINDEX', day);
export const digestKey = ({ second, id }: Digest): Key => ({ pk: dayPartition(dayOf(second)), sk: key(second, id) });

/** Which days have digests. */
export const daysPartition = key('AUDITINDEX', 'DAYS');

/** How far rows have been archived, and have been given an end. */
export const archivePartition = 'AUDITARCHIVE';
