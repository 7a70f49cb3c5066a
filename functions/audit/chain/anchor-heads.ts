import { lateRowDays } from '../../../contracts/audit/limits.ts';
import type { Log } from '../../platform/log.ts';
import { nextHeads } from '../domain/anchor.ts';
import { monthOf } from '../domain/audit-row.ts';
import type { Head } from '../domain/chain.ts';
import { monthBefore } from '../domain/months.ts';
import type { AnchorStore, ChainStore } from '../ports.ts';

export interface AnchorDependencies {
  chain: Pick<ChainStore, 'heads' | 'scopes' | 'block'>;
  anchors: AnchorStore;
  log: Log;
}

const scopesAtOnce = 100;

async function headsOf(chain: AnchorDependencies['chain'], month: string): Promise<Head[]> {
  const heads: Head[] = [];
  let after: string | undefined;
  for (;;) {
    const scopes = await chain.scopes(month, after, scopesAtOnce);
    if (scopes.length === 0) return heads;
    heads.push(...(await chain.heads(scopes.map((scope) => ({ scope, month })))));
    after = scopes.at(-1);
  }
}

/** Adds an anchor for a month whose chains have grown. Answers the chains that are not what was anchored of them. */
async function anchorMonth({ chain, anchors, log }: AnchorDependencies, month: string, now: Date): Promise<Head[]> {
  const last = await anchors.last(month);
  const { heads, changed, strayed } = await nextHeads(last?.heads ?? [], await headsOf(chain, month), (head) =>
    chain.block(head, head.seq),
  );
  if (changed) {
    const added = await anchors.add({ month, at: now.toISOString(), heads }, last);
    log.info(added ? 'anchored' : 'another was first', { month, heads: heads.length });
  }
  for (const { scope, seq } of strayed) log.error('a chain is not what was anchored of it', { scope, month, seq });
  return strayed;
}

/**
 * A tick: anchors the heads of this month, and of the last while its rows may still be on their way. Throws at the end when a chain was rolled back or
 * rewritten, so that the alarm rings; what was anchored of it stays anchored.
 */
export const anchorHeads =
  (dependencies: AnchorDependencies) =>
  async (now: Date): Promise<void> => {
    const month = monthOf(now.toISOString());
    const months = now.getUTCDate() <= lateRowDays ? [monthBefore(month), month] : [month];
    const strayed: Head[] = [];
    for (const each of months) strayed.push(...(await anchorMonth(dependencies, each, now)));
    if (strayed.length > 0) throw new Error(`cannot anchor ${strayed.length} chains: they are not what was anchored`);
  };
