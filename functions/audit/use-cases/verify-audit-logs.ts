import type { auditRoutes, ChainBreak, Verification } from '../../../contracts/audit/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { checkAnchored } from '../domain/anchor.ts';
import { monthOf, newer, older, type Partition, timeOf } from '../domain/audit-row.ts';
import { endOfRun } from '../domain/days.ts';
import { firstMonthOf, monthAfter } from '../domain/months.ts';
import type { ArchiveFiles, ArchiveNotes, AuditStores } from '../ports.ts';
import { assertMayRead } from './may-read.ts';
import { oncePerKey } from './once-per-key.ts';
import { type Anchored, readAnchored } from './read-anchored.ts';
import { noProgress, verifyNext } from './verify-chain.ts';
import { readVerifyCursor, type VerifyState, writeVerifyCursor } from './verify-cursor.ts';

/** A row is chained a second or two after it was made; one that is not by then is told of. */
const graceMs = 15 * 60_000;

/** What one call looks at: some 300 RCU, and well within the time that a function has. The rest is for the next call. */
const budget = { rows: 2_000, milliseconds: 4_000 };

const mostBreaks = 100;
const scopesAtOnce = 25;

type Verified = AuditStores & { archive: Pick<ArchiveFiles, 'expiredDays'> };

const midnightOf = (day: string) => `${day}T00:00:00.000Z`;

/**
 * Where a look at all chains begins: where the anchors do, since who can write the table can take its first days away with their place in the index. Months
 * whose rows have all expired are left out, if the bucket says so, but not where the table has rows of them.
 */
async function firstMonthOfAll({ index, anchors, archive }: Verified, last: string): Promise<string> {
  const [held, anchored, expired] = await Promise.all([
    index.firstDay(),
    anchors.firstMonth(),
    archive.expiredDays(''),
  ]);
  const ofTable = older(monthOf(held ?? last), last);
  if (anchored === undefined) return ofTable;
  const end = endOfRun(expired);
  const [first = ''] = expired;
  // Days from the first that has rows on are marked without a gap; one that was not sound is left out, and stays in the table.
  const rest = end !== undefined && monthOf(first) <= anchored ? monthOf(end) : anchored;
  return older(ofTable, rest);
}

/** The partitions that may have a chain, in order, from where the last call ended. */
async function* partitionsFrom(
  stores: Verified,
  anchored: Anchored,
  workspaceId: string | undefined,
  state: VerifyState | undefined,
  now: Date,
): AsyncGenerator<Partition> {
  const last = monthOf(now.toISOString());
  if (workspaceId !== undefined) {
    const begin =
      state === undefined ? firstMonthOf(workspaceId, now) : state.finished ? monthAfter(state.month) : state.month;
    for (let month = begin; month <= last; month = monthAfter(month)) yield { scope: workspaceId, month };
    return;
  }
  const begin = state?.month ?? (await firstMonthOfAll(stores, last));
  if (state?.finished === false) yield state;
  for (let month = begin; month <= last; month = monthAfter(month)) {
    let after = month === state?.month ? state.scope : undefined;
    for (;;) {
      const scopes = await anchored.withScopes(month, after, await stores.chain.scopes(month, after, scopesAtOnce));
      for (const scope of scopes) yield { scope, month };
      after = scopes.at(-1);
      if (after === undefined) break;
    }
  }
}

export interface VerifyDependencies extends Verified {
  notes: Pick<ArchiveNotes, 'state'>;
  /** From any origin. */
  milliseconds: () => number;
}

export const verifyAuditLogs =
  ({ milliseconds, notes, archive, ...stores }: VerifyDependencies): UseCase<(typeof auditRoutes)['audit.verify']> =>
  async ({ query }, call) => {
    const { workspace_id: workspaceId, cursor } = query;
    assertMayRead(workspaceId, call);
    const list = `audit-logs/verify ${workspaceId ?? ''}`;
    const state = cursor === undefined ? undefined : readVerifyCursor(list, cursor);
    const horizon = state?.horizon ?? new Date(call.now.getTime() - graceMs).toISOString();
    const began = milliseconds();

    const breaks: ChainBreak[] = [];
    const checked = { chains: 0, blocks: 0, rows: 0 };
    const anchored = readAnchored(stores.anchors);
    let anchoredUntil = '';
    const isSpent = () => checked.rows >= budget.rows || milliseconds() - began >= budget.milliseconds;
    const [heads, held] = await Promise.all([
      workspaceId === undefined ? [] : stores.chain.headsOf(workspaceId),
      notes.state(),
    ]);
    const verified = { ...stores, archive: { expiredDays: oncePerKey(archive.expiredDays) } };
    let newest = heads.map((head) => head.newest).reduce(newer, '');
    let next: VerifyState | undefined;
    let progress = state?.finished === false ? state.progress : noProgress;
    let size = { blocks: 0, rows: 0 };
    for await (const { scope, month } of partitionsFrom(verified, anchored, workspaceId, state, call.now)) {
      let finished = false;
      do {
        const step = await verifyNext(verified, { scope, month }, progress, horizon, size);
        breaks.push(...step.breaks);
        checked.blocks += step.blocks;
        checked.rows += step.rows;
        newest = newer(newest, step.newest ?? '');
        ({ progress, ended: finished } = step);
        if (step.blocks > 0) size = step;
        next = { horizon, scope, month, finished, progress: finished ? noProgress : progress };
      } while (!finished && !isSpent());
      if (finished) {
        checked.chains += 1;
        const head = await anchored.head({ scope, month });
        if (head !== undefined) {
          breaks.push(...checkAnchored(head, head, await stores.chain.block(head, head.seq)));
          anchoredUntil = newer(anchoredUntil, head.newest);
        }
      }
      if (isSpent()) break;
      [next, progress] = [undefined, noProgress];
    }
    const data: Verification = {
      intact: breaks.length === 0,
      breaks: breaks.slice(0, mostBreaks),
      checked,
      chained_until: newest === '' ? null : timeOf(newest),
      anchored_until: anchoredUntil === '' ? null : timeOf(anchoredUntil),
      archived_until: held === undefined || held.archived <= held.first ? null : midnightOf(held.archived),
      rows_from: held === undefined || held.expired <= held.first ? null : midnightOf(held.expired),
      next_cursor: next === undefined ? null : writeVerifyCursor(list, next),
    };
    return { data };
  };
