import type { User } from './user.ts';

export interface ListedUser {
  /** Its place in the order that is read: text that sorts as the order does, and no two share. */
  place: string;
  user: User;
}

/** Some users, in order; `ended`: there are no more. */
export interface UserPiece {
  rows: readonly ListedUser[];
  ended: boolean;
}

export interface PageRequest {
  limit: number;
  /** Matching users to pass over first. */
  skip: number;
  /** Go on after the page to know whether there are this many; 0 asks for no count. */
  countTo: number;
}

export interface UserPage {
  users: User[];
  /** Matches met: all there are when `ended`. */
  matched: number;
  ended: boolean;
  /** Where the next page begins, strictly behind, and what is left to skip then; absent when there is none. */
  next?: { place: string; skip: number };
}

/** What one page may read at most: 2,500 users are about 1.1 MB, 140 RCU. Behind it a page is short, and has a next one. */
export const readCap = 2_500;

/** Reads users until the page is full and counted, they end, or the cap is reached. */
export async function readUsers(
  pieces: AsyncIterable<UserPiece>,
  { limit, skip, countTo }: PageRequest,
  matches: (user: User) => boolean,
): Promise<UserPage> {
  // One more than the page holds tells whether there is a next one.
  const enough = Math.max(skip + limit + 1, countTo);
  const found: ListedUser[] = [];
  let [matched, read] = [0, 0];
  let reached: string | undefined;
  const stop = (ended: boolean): UserPage => {
    const page = { users: found.map(({ user }) => user), matched, ended };
    const last = found.at(-1)?.place;
    if (matched > skip + limit && last !== undefined) return { ...page, next: { place: last, skip: 0 } };
    if (ended || reached === undefined) return page;
    return { ...page, next: { place: reached, skip: Math.max(0, skip - matched) } };
  };
  for await (const { rows, ended } of pieces) {
    for (const row of rows) {
      reached = row.place;
      read += 1;
      if (!matches(row.user)) continue;
      matched += 1;
      if (matched > skip && found.length < limit) found.push(row);
      if (matched >= enough) return stop(false);
    }
    if (ended) return stop(true);
    if (read >= readCap) return stop(false);
  }
  return stop(true);
}

/** Lower case on both sides: how a person looks for a person. */
export function matcherOf({
  role,
  is_active,
  q,
}: {
  role?: readonly User['role'][] | undefined;
  is_active?: boolean | undefined;
  q?: string | undefined;
}): (user: User) => boolean {
  const sought = q?.toLowerCase();
  return (user) =>
    (role === undefined || role.includes(user.role)) &&
    (is_active === undefined || user.is_active === is_active) &&
    (sought === undefined ||
      [user.email, user.name, user.username].some((text) => text.toLowerCase().startsWith(sought)));
}
