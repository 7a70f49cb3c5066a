import { absent, all, equals } from '../../platform/table/fragment.ts';
import { refused, unlessRefused } from '../../platform/table/refused.ts';
import type { Table, Write } from '../../platform/table/types.ts';
import type { Partition, Position } from '../domain/audit-row.ts';
import { type Block, type Head, headAfter } from '../domain/chain.ts';
import type { ChainStore } from '../ports.ts';
import { blockItem, headItem, readBlock, readHead } from './chain-item.ts';
import { blockKey, chainPartition, headKey, headPrefix, monthPartition } from './keys.ts';

/** A block of 100 rows has 11 KB: ten of them are 110 KB, 28 RCU. */
const blocksAtOnce = 10;

/** Blocks, heads and the directory of chains. They are only ever read strongly consistent. */
export function createChainStore(table: Table): ChainStore {
  async function* blocksBackwards({ scope, month, seq }: Head) {
    for (let last = seq; last > 0; ) {
      const { items } = await table.query({
        pk: chainPartition(scope),
        from: blockKey({ scope, month }, 1).sk,
        to: blockKey({ scope, month }, last).sk,
        descending: true,
        limit: blocksAtOnce,
      });
      const blocks = items.map(readBlock);
      yield* blocks;
      last = (blocks.at(-1)?.seq ?? 1) - 1;
    }
  }

  return {
    async heads(partitions) {
      return (await table.getMany(partitions.map(headKey))).map(readHead);
    },
    async headsOf(scope) {
      return (await table.queryAll({ pk: chainPartition(scope), prefix: headPrefix })).map(readHead);
    },
    async earlierHead(partition) {
      const { sk } = headKey(partition);
      const { items } = await table.query({
        pk: chainPartition(partition.scope),
        from: headPrefix,
        to: sk,
        descending: true,
        limit: 2,
      });
      return items.filter((item) => item.sk < sk).map(readHead)[0];
    },
    async chainedSince(head: Head, from: Position) {
      const chained = new Set<Position>();
      if (head.newest < from) return chained;
      for await (const block of blocksBackwards(head)) {
        if (block.newest < from) break;
        for (const { position } of block.links) if (position >= from) chained.add(position);
      }
      return chained;
    },
    append(block: Block, head: Head | undefined) {
      const { scope, month } = block;
      const condition = head === undefined ? absent : all(equals('seq', head.seq), equals('hash', head.hash));
      const writes: Write[] = [
        { put: headItem(headAfter(block, head)), condition, otherwise: refused },
        { put: blockItem(block), condition: absent, otherwise: refused },
        // Says once a month that this scope has a chain, so that a look at all of them finds it.
        ...(head === undefined ? [{ put: { pk: monthPartition(month), sk: scope } }] : []),
      ];
      return unlessRefused(table.transact(writes));
    },
    async blocks(partition: Partition, after: number, limit: number) {
      const from = blockKey(partition, after + 1).sk;
      const to = blockKey(partition, 9_999_999_999).sk;
      const { items } = await table.query({ pk: chainPartition(partition.scope), from, to, limit });
      return items.map(readBlock);
    },
    async block(partition, seq) {
      const item = await table.get(blockKey(partition, seq));
      return item && readBlock(item);
    },
    async scopes(month, after, limit) {
      const from = after === undefined ? {} : { from: after };
      const { items } = await table.query({ pk: monthPartition(month), ...from, limit: limit + 1 });
      return items
        .map(({ sk }) => sk)
        .filter((scope) => after === undefined || scope > after)
        .slice(0, limit);
    },
  };
}
