import { lateRowDays } from '../../../contracts/audit/limits.ts';
import type { Log } from '../../platform/log.ts';
import type { ArchiveState, Manifest } from '../domain/archive.ts';
import { dayAfter, dayOfDate, daysBetween, daysFrom, heldFrom } from '../domain/days.ts';
import { archiveDay, type DayDependencies, type DayOutcome } from './archive-day.ts';
import { type ExpiryDependencies, expireDay } from './expire-day.ts';

export interface ArchiveDependencies extends DayDependencies, ExpiryDependencies {
  /** How long the table holds rows; 0 is for ever. */
  tableDays: number;
  /** From any origin. */
  milliseconds: () => number;
  /** After which nothing new is begun. */
  legMs?: number;
  log: Log;
}

/** What a person who looked first may ask for: that an unsound day is archived as it is. Its rows then stay in the table. */
export interface ArchiveWish {
  asItIs?: string | undefined;
}

export interface Ticked {
  archived: number;
  expired: number;
  /** Closed days from the first that is not archived on. */
  daysBehind: number;
  /** Archived days that got late rows, and are not sound now. */
  stuck: string[];
}

/** A call that began before midnight has ended by then, and its row is chained. */
const graceMs = 3_600_000;

/**
 * A tick: archives the days that are closed, looks whether earlier ones got late rows, and gives an end to the rows that the table need not hold any more.
 * A day that can't be archived yet holds up none behind it, but no row from it on gets an end before it is.
 */
export const archiveRows = (dependencies: ArchiveDependencies) => {
  const { files, notes, index, log, tableDays, milliseconds, legMs = 600_000 } = dependencies;
  const [archive, expire] = [archiveDay(dependencies), expireDay(dependencies)];

  return async (now: Date, { asItIs }: ArchiveWish = {}): Promise<Ticked> => {
    const began = milliseconds();
    const isSpent = () => milliseconds() - began >= legMs;
    const stretch = { now, isSpent };
    const done = { archived: 0, expired: 0 };
    const stuck = new Set<string>();
    const closedEnd = dayOfDate(new Date(now.getTime() - graceMs));
    const first = (await index.firstDay()) ?? closedEnd;
    let state: ArchiveState = (await notes.state()) ?? { first, archived: first, expired: first };
    const save = async (change: Partial<ArchiveState>) => {
      state = { ...state, ...change };
      await notes.saveState(state);
    };

    const write = async (day: string, edition: number): Promise<DayOutcome> => {
      const outcome = await archive(day, edition, { ...stretch, asItIs: day === asItIs });
      if (outcome.is === 'archived') {
        done.archived += 1;
        log.info('archived a day', { day, edition, parts: outcome.manifest.parts.length });
      }
      if (outcome.is === 'unsound')
        log.error('cannot archive a day: it is not sound', { day, findings: outcome.findings });
      return outcome;
    };

    /** The manifest of an archived day, anew when the index tells of more rows than when it was written; undefined while that can't be done. */
    const renew = async (manifest: Manifest): Promise<Manifest | undefined> => {
      if ((await index.countDigests(manifest.day)) <= manifest.digests) return manifest;
      const outcome = await write(manifest.day, manifest.edition + 1);
      if (outcome.is === 'unsound') stuck.add(manifest.day);
      return outcome.is === 'archived' ? outcome.manifest : undefined;
    };

    for (const day of daysFrom(state.archived, closedEnd)) {
      if (isSpent()) break;
      const isThere = (await files.manifest(day)) !== undefined || (await write(day, 1)).is === 'archived';
      if (isThere && day === state.archived) await save({ archived: dayAfter(day) });
    }

    const late = [dayAfter(closedEnd, -lateRowDays), state.expired].sort().at(-1) as string;
    for (const day of daysFrom(late, state.archived)) {
      if (isSpent()) break;
      const manifest = await files.manifest(day);
      if (manifest !== undefined) await renew(manifest);
    }

    const held = heldFrom(now, tableDays) ?? state.expired;
    const expiredEnd = [held, state.archived].sort()[0] as string;
    for (const day of daysFrom(state.expired, expiredEnd)) {
      if (isSpent()) break;
      const found = await files.manifest(day);
      if (found === undefined) throw new Error(`cannot let ${day} expire: the bucket does not have it`);
      const manifest = await renew(found);
      if (manifest === undefined) break;
      if (manifest.findings.length > 0) log.error('the rows of an unsound day stay', { day });
      else if ((await expire(manifest, stretch)) === 'unfinished') break;
      else done.expired += 1;
      await save({ expired: dayAfter(day) });
    }
    return { ...done, daysBehind: Math.max(0, daysBetween(state.archived, closedEnd)), stuck: [...stuck] };
  };
};
