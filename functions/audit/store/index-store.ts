import type { Piece } from '../../platform/api/read-page.ts';
import { inParallel } from '../../platform/in-parallel.ts';
import type { Table } from '../../platform/table/types.ts';
import { newer, older, type Position } from '../domain/audit-row.ts';
import { type Digest, dayOf, type IndexEntry, mergeDigests, secondOf } from '../domain/digest.ts';
import type { AuditIndexStore, Stretch } from '../ports.ts';
import { digestItem, readDigest } from './digest-item.ts';
import { dayPartition, daysPartition } from './keys.ts';
import { behind, isWithin, slackMs } from './stretch.ts';

type Direction = Stretch['direction'];

const writesAtOnce = 8;

/** Digests asked for at first; then as many as the rest takes, going by the rows of those that were read. */
const digestsAtOnce = { least: 16, most: 400 };

/** A boundary between seconds or days is passed as it is; a row's position takes its second with it. */
const isBoundary = (position: Position) => position.length <= 20;

const atEnd = (stretched: string, direction: Direction): Position =>
  direction === 'asc' ? `${stretched}${behind}` : stretched;

/** The range of a day's digests that a stretch needs: whole seconds. */
function keyRange(day: string, { direction, from, start, end }: Stretch) {
  const low = [day, start && secondOf(start)];
  const high = [`${day}${behind}`, end && `${secondOf(end)}${behind}`];
  if (direction === 'asc') low.push(from && (isBoundary(from) ? from : secondOf(from)));
  else high.push(from && (isBoundary(from) ? from : `${secondOf(from)}${behind}`));
  return {
    from: low.reduce((a, b) => newer(a ?? '', b ?? '')) ?? day,
    to: high.reduce((a, b) => older(a ?? behind, b ?? behind)) ?? behind,
  };
}

export function createIndexStore(table: Table): AuditIndexStore {
  const known = new Set<string>();

  async function dayBeyond(day: string, direction: Direction): Promise<string | undefined> {
    const bound = direction === 'desc' ? { to: day } : { from: day === '' ? undefined : day };
    const page = await table.query({
      pk: daysPartition,
      ...bound,
      descending: direction === 'desc',
      limit: 2,
      consistent: false,
    });
    return page.items.map(({ sk }) => sk).find((sk) => sk !== day);
  }

  /** Days in the order of the stretch: those that have rows, and the one that it begins in. */
  async function* daysOf({ direction, from, start, end }: Stretch, now: Date) {
    const today = dayOf(new Date(now.getTime() + slackMs).toISOString());
    const outer = direction === 'asc' ? dayOf(start ?? '') : older(today, dayOf(end ?? behind));
    const begin = from === undefined ? outer : dayOf(from);
    const passed = begin === '' || from === atEnd(begin, direction);
    let day = passed ? await dayBeyond(begin, direction) : begin;
    for (; day !== undefined; day = await dayBeyond(day, direction)) {
      if (direction === 'asc' ? end !== undefined && day > end : day < dayOf(start ?? '')) return;
      yield day;
    }
  }

  /** A day's rows, each piece some whole seconds; the last second of a page waits for the next page, which may hold more of it. */
  async function* readDay(
    day: string,
    stretch: Stretch,
    want: { rows: number; perDigest: number },
  ): AsyncGenerator<Piece<IndexEntry>> {
    const { direction } = stretch;
    const query = {
      pk: dayPartition(day),
      ...keyRange(day, stretch),
      descending: direction === 'desc',
      consistent: false,
    };
    let waiting: Digest[] = [];
    let after: Record<string, string> | undefined;
    do {
      const limit = Math.min(digestsAtOnce.most, Math.max(digestsAtOnce.least, Math.ceil(want.rows / want.perDigest)));
      const page = await table.query({ ...query, after, limit });
      const digests = [...waiting, ...page.items.map(readDigest)];
      const last = digests.at(-1)?.second;
      after = page.next;
      waiting = after === undefined ? [] : digests.filter(({ second }) => second === last);
      const whole = after === undefined ? digests : digests.filter(({ second }) => second !== last);
      const merged = mergeDigests(whole);
      const entries = (direction === 'asc' ? merged : merged.toReversed()).filter(({ position }) =>
        isWithin(position, stretch),
      );
      want.rows -= entries.length;
      if (merged.length > 0) want.perDigest = merged.length / whole.length;
      const reached =
        after === undefined ? atEnd(day, direction) : whole.at(-1) && atEnd(whole.at(-1)?.second ?? '', direction);
      if (reached !== undefined) yield { entries, reached };
    } while (after !== undefined);
  }

  return {
    async add(digests) {
      const days = [...new Set(digests.map(({ second }) => dayOf(second)))].filter((day) => !known.has(day));
      await inParallel(writesAtOnce, days, (day) => table.write({ put: { pk: daysPartition, sk: day } }));
      for (const day of days) known.add(day);
      await inParallel(writesAtOnce, digests, (digest) => table.write({ put: digestItem(digest) }));
    },
    async *read(stretch, now) {
      // At first one row a digest is taken for the rule of a quiet table, within the least that is asked for.
      const want = { rows: stretch.wanted, perDigest: Math.max(1, stretch.wanted / digestsAtOnce.least) };
      for await (const day of daysOf(stretch, now)) yield* readDay(day, stretch, want);
    },
    firstDay: () => dayBeyond('', 'asc'),
    countDigests: (day) => table.count({ pk: dayPartition(day) }),
  };
}
