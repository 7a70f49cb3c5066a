import { firstDayKept } from './days.ts';

/**
 * What is unread of a user, counted by the day that it was made: what is past its 90 days no longer counts, whenever the table drops it. Marking all as
 * read begins a new epoch and empties the counts, in one write however many there are.
 */
export interface State {
  epoch: number;
  /** Day → unread of that day and of this epoch. */
  unread: Readonly<Record<string, number>>;
  /** The user is gone: nothing comes in any more. */
  closed: boolean;
}

export const countUnread = (state: State | undefined, now: Date): number =>
  Object.entries(state?.unread ?? {})
    .filter(([day]) => Number(day) >= firstDayKept(now))
    .reduce((total, [, count]) => total + count, 0);

/** Days whose counts mean nothing any more. */
export const staleDays = ({ unread }: State, now: Date): string[] =>
  Object.keys(unread).filter((day) => Number(day) < firstDayKept(now));
