import type { Position } from '../domain/audit-row.ts';
import type { Stretch } from '../ports.ts';

/** Sorts behind every position that begins with what stands before it. */
export const behind = '~';

/** Functions' clocks may be a little ahead of a reader's. */
export const slackMs = 60_000;

/** `from` is passed strictly, `start` is within and `end` is not. */
export function isWithin(position: Position, { direction, from, start, end }: Stretch): boolean {
  if (from !== undefined && (direction === 'asc' ? position <= from : position >= from)) return false;
  return (start === undefined || position >= start) && (end === undefined || position < end);
}
