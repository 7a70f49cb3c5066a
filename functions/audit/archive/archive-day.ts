import type { ChainBreak } from '../../../contracts/audit/routes.ts';
import { inParallel } from '../../platform/in-parallel.ts';
import { checkAnchored } from '../domain/anchor.ts';
import type { ArchiveJob, ArchivePart, DayProgress, Manifest } from '../domain/archive.ts';
import { blockLine, rowLine } from '../domain/archive-part.ts';
import { monthOf, type Partition } from '../domain/audit-row.ts';
import type { ArchiveFiles, ArchiveNotes, AuditStores } from '../ports.ts';
import { type Anchored, readAnchored } from '../use-cases/read-anchored.ts';
import { type ArchivePiece, readDay } from './read-day.ts';

export interface DayDependencies extends AuditStores {
  files: ArchiveFiles;
  notes: ArchiveNotes;
  /** Of lines, before they are packed: 16 MB are some 25,000 rows, 2.5 MB packed. */
  partBytes?: number;
}

export type DayOutcome =
  | { is: 'archived'; manifest: Manifest }
  /** Time was up; the next stretch of work goes on behind the last part. */
  | { is: 'unfinished' }
  /** Not all of its rows are as the chain recorded them, or in it. */
  | { is: 'unsound'; findings: readonly ChainBreak[] };

/** As many chains are begun at once; each holds a page of blocks and rows, at most 1.5 MB. */
const chainsAtOnce = 16;
const mostFindings = 100;

interface ChainOfDay {
  partition: Partition;
  first: ArchivePiece | undefined;
  rest: AsyncGenerator<ArchivePiece>;
  breaks: ChainBreak[];
}

async function beginChain(
  stores: AuditStores,
  anchored: Anchored,
  partition: Partition,
  day: string,
  from: DayProgress | undefined,
): Promise<ChainOfDay> {
  const [[head], anchor] = await Promise.all([stores.chain.heads([partition]), anchored.head(partition)]);
  // What was anchored before the day says nothing of it.
  const isOfDay = anchor !== undefined && anchor.newest >= day;
  const breaks = isOfDay ? checkAnchored(anchor, anchor, await stores.chain.block(anchor, anchor.seq)) : [];
  const rest = readDay(stores, partition, day, head, from);
  const first = await rest.next();
  return { partition, first: first.done === true ? undefined : first.value, rest, breaks };
}

/** The chains of a day's month in order, from the one that `reached` is in, each with its first rows. */
async function* chainsOf(
  stores: AuditStores,
  day: string,
  reached: DayProgress | undefined,
): AsyncGenerator<ChainOfDay> {
  const month = monthOf(day);
  const anchored = readAnchored(stores.anchors);
  if (reached !== undefined) yield beginChain(stores, anchored, { scope: reached.scope, month }, day, reached);
  for (let after = reached?.scope; ; ) {
    const scopes = await anchored.withScopes(month, after, await stores.chain.scopes(month, after, chainsAtOnce));
    if (scopes.length === 0) return;
    yield* await inParallel(chainsAtOnce, scopes, (scope) =>
      beginChain(stores, anchored, { scope, month }, day, undefined),
    );
    after = scopes.at(-1);
  }
}

async function* piecesOf(chain: ChainOfDay): AsyncGenerator<ArchivePiece> {
  if (chain.first !== undefined) yield { ...chain.first, breaks: [...chain.breaks, ...chain.first.breaks] };
  yield* chain.rest;
}

/**
 * Writes a closed day to the bucket, part by part, then its manifest, with which it is there. Nothing is held but a part and what one read brings. Done twice,
 * or gone on with after a crash, it makes the same objects. A day that is not sound is left for later, unless `asItIs`.
 */
export const archiveDay =
  ({ files, notes, partBytes = 16 << 20, ...stores }: DayDependencies) =>
  async (
    day: string,
    edition: number,
    { now, isSpent, asItIs }: { now: Date; isSpent: () => boolean; asItIs: boolean },
  ): Promise<DayOutcome> => {
    const begun = await notes.job(day);
    let job: ArchiveJob =
      begun?.edition === edition && (asItIs || begun.findings.length === 0)
        ? begun
        : { day, edition, digests: await stores.index.countDigests(day), findings: [], parts: [], reached: undefined };
    let lines: string[] = [];
    let count = { bytes: 0, blocks: 0, rows: 0 };
    const addPart = async (reached: DayProgress | undefined) => {
      const { blocks, rows } = count;
      const added = await files.addPart({ day, number: job.parts.length + 1 }, lines.join(''));
      const part: ArchivePart = { ...added, blocks, rows };
      job = { ...job, parts: [...job.parts, part], reached };
      [lines, count] = [[], { bytes: 0, blocks: 0, rows: 0 }];
    };
    for await (const chain of chainsOf(stores, day, job.reached)) {
      for await (const { blocks, breaks, progress } of piecesOf(chain)) {
        if (breaks.length > 0) job = { ...job, findings: [...job.findings, ...breaks].slice(0, mostFindings) };
        if (job.findings.length > 0 && !asItIs) return { is: 'unsound', findings: job.findings };
        for (const { block, rows } of blocks) {
          const found = rows.flatMap(({ row, keyId }) => (row === undefined ? [] : [{ row, keyId }]));
          const texts = [blockLine(block), ...found.map(rowLine)];
          lines.push(...texts);
          count.bytes += texts.reduce((sum, text) => sum + text.length, 0);
          count.blocks += 1;
          count.rows += found.length;
        }
        if (count.bytes < partBytes) continue;
        await addPart(progress);
        // Noted behind the part: a crash in between makes the same part again.
        await notes.saveJob(job, now);
        if (isSpent()) return { is: 'unfinished' };
      }
    }
    if (count.blocks > 0) await addPart(job.reached);
    const { digests, findings, parts } = job;
    const manifest: Manifest = { day, edition, at: now.toISOString(), digests, findings, parts };
    if (await files.addManifest(manifest)) return { is: 'archived', manifest };
    const other = await files.manifest(day);
    if (other === undefined) throw new Error(`cannot archive ${day}: its manifest is taken, and is not there`);
    return { is: 'archived', manifest: other };
  };
