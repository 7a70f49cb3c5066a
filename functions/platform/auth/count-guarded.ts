import { unauthorized } from '../../../contracts/errors.ts';
import type { Allowance } from '../api/exchange.ts';
import { orRefused, Refused, refused } from '../table/refused.ts';
import type { Fragment, Item, Key, PlainWrite, Table } from '../table/types.ts';
import { rateLimited } from './rate-limited.ts';
import { allowanceOf, windowOf } from './window.ts';

export interface Guarded {
  /** The item that holds `win` and `n`: the hour, and the calls counted in it. */
  key: Key;
  /** What must hold for a call to be let in and counted, beside the limit. */
  guard: Fragment;
  /** The same of an item that was read. */
  admits(item: Item): boolean;
  /** Set by the same write, as `#a = :a, #b = :b`. */
  sets?: Fragment;
}

const guardedBy = ({ guard }: Guarded, text: string, values: Record<string, unknown>): Fragment => ({
  text: `${text} AND ${guard.text}`,
  values: { ...values, ...guard.values },
  ...(guard.names && { names: guard.names }),
});

const changeOf = ({ sets }: Guarded, text: string, values: Record<string, unknown>): Fragment => ({
  text,
  values: { ...values, ...sets?.values },
  ...(sets?.names && { names: sets.names }),
});

const countIn = (item: Guarded, window: number, limit: number): PlainWrite => ({
  update: item.key,
  change: changeOf(item, `${item.sets === undefined ? '' : `SET ${item.sets.text} `}ADD #n :one`, { one: 1 }),
  condition: guardedBy(item, '#win = :window AND #n < :limit', { window, limit }),
  otherwise: refused,
});

const openWindow = (item: Guarded, window: number): PlainWrite => ({
  update: item.key,
  change: changeOf(item, `SET #win = :window, #n = :one${item.sets === undefined ? '' : `, ${item.sets.text}`}`, {
    window,
    one: 1,
  }),
  condition: guardedBy(item, '#win < :window', { window }),
  otherwise: refused,
});

/**
 * Counts a call and reads who makes it in one conditional write, two on the first call of an hour. Exact however many come at once; what the guard
 * speaks of holds from the next call on. Throws UNAUTHORIZED or RATE_LIMITED.
 */
export async function countGuarded(
  table: Table,
  guarded: Guarded,
  limit: number,
  now: Date,
): Promise<{ item: Item; allowance: Allowance }> {
  const window = windowOf(now);
  let write = countIn(guarded, window, limit);
  for (;;) {
    const item = await orRefused(table.write(write, 'new'));
    if (item !== undefined && !(item instanceof Refused)) {
      return { item, allowance: allowanceOf(limit, Number(item['n']), Number(item['win'])) };
    }
    const old = item?.old;
    if (old === undefined || !guarded.admits(old)) throw unauthorized();
    const [counted, calls] = [Number(old['win'] ?? 0), Number(old['n'] ?? 0)];
    // A clock behind the item's window counts in that window: never a way to a fresh one.
    if (counted >= window && calls >= limit) throw rateLimited(allowanceOf(limit, limit, counted), now);
    write = counted < window ? openWindow(guarded, window) : countIn(guarded, counted, limit);
  }
}
