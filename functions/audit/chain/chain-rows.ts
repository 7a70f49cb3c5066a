import type { AuditLog } from '../../../contracts/audit/routes.ts';
import { unavailable } from '../../../contracts/errors.ts';
import { inParallel } from '../../platform/in-parallel.ts';
import { type Partition, partitionOf, positionOf } from '../domain/audit-row.ts';
import { type Head, nextBlock } from '../domain/chain.ts';
import { digestsOf } from '../domain/digest.ts';
import type { AuditStores, ChainStore } from '../ports.ts';

type Stores = Pick<AuditStores, 'chain' | 'index'>;

const partitionsAtOnce = 8;

/** Consumers of other shards may add to the same chain; each gets its turn well within this. */
const mostTurns = 50;

const nameOf = ({ scope, month }: Partition) => `${scope}#${month}`;

const byPosition = (a: AuditLog, b: AuditLog) => (positionOf(a) < positionOf(b) ? -1 : 1);

/** A repeated or overlapping batch brings rows that blocks hold already. */
async function unchained(chain: ChainStore, head: Head | undefined, rows: readonly AuditLog[]): Promise<AuditLog[]> {
  const oldest = rows[0];
  if (head === undefined || oldest === undefined) return [...rows];
  const chained = await chain.chainedSince(head, positionOf(oldest));
  return rows.filter((row) => !chained.has(positionOf(row)));
}

/** Adds the rows that are not in the chain yet as one block. Each row once, however many consumers try and however often. */
async function chainPartition(
  chain: ChainStore,
  partition: Partition,
  known: Head | undefined,
  rows: readonly AuditLog[],
): Promise<void> {
  const sorted = [...new Map(rows.map((row) => [positionOf(row), row])).values()].sort(byPosition);
  let head = known;
  for (let turn = 1; turn <= mostTurns; turn += 1) {
    const fresh = await unchained(chain, head, sorted);
    if (fresh.length === 0) return;
    const earlier = head === undefined ? await chain.earlierHead(partition) : undefined;
    if (await chain.append(nextBlock(partition, head, earlier, fresh), head)) return;
    [head] = await chain.heads([partition]);
  }
  throw unavailable(1, new Error(`cannot chain rows of ${nameOf(partition)}: others were first ${mostTurns} times`));
}

/**
 * Puts rows into the index of all rows, then into their partitions' chains. Answers for each partition that failed its rows and why; the others are done.
 * The index comes first: a row that is chained counts as done, so what comes after the chain might never be.
 */
export async function chainRows({ chain, index }: Stores, rows: readonly AuditLog[]): Promise<Map<AuditLog, unknown>> {
  const failed = new Map<AuditLog, unknown>();
  const groups = [...Map.groupBy(rows, (row) => nameOf(partitionOf(row))).values()];
  const partitions = groups.flatMap((group) => (group[0] === undefined ? [] : [partitionOf(group[0])]));
  let heads: Map<string, Head>;
  try {
    await index.add(digestsOf(rows));
    heads = new Map((await chain.heads(partitions)).map((head) => [nameOf(head), head]));
  } catch (error) {
    return new Map(rows.map((row) => [row, error]));
  }
  await inParallel(partitionsAtOnce, groups, async (group) => {
    try {
      const partition = partitionOf(group[0] as AuditLog);
      await chainPartition(chain, partition, heads.get(nameOf(partition)), group);
    } catch (error) {
      for (const row of group) failed.set(row, error);
    }
  });
  return failed;
}
