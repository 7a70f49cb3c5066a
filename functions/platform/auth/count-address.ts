import type { Allowance } from '../api/exchange.ts';
import type { Item, Key, PlainWrite, Table } from '../table/types.ts';
import { rateLimited } from './rate-limited.ts';
import { allowanceOf, windowOf } from './window.ts';

class WindowMoved extends Error {
  readonly item: Item | undefined;
  constructor(item: Item | undefined) {
    super('the window of this address has moved');
    this.item = item;
  }
}

const otherwise = (old: Item | undefined) => new WindowMoved(old);

const countIn = (key: Key, window: number, limit: number): PlainWrite => ({
  update: key,
  change: { text: 'ADD #n :one', values: { one: 1 } },
  condition: { text: '#win = :window AND #n < :limit', values: { window, limit } },
  otherwise,
});

const openWindow = (key: Key, window: number): PlainWrite => ({
  update: key,
  // Expires two hours after the window ends. Nothing reads it later.
  change: { text: 'SET #win = :window, #n = :one, #ttl = :ttl', values: { window, one: 1, ttl: (window + 3) * 3_600 } },
  condition: { text: 'attribute_not_exists(#win) OR #win < :window', values: { window } },
  otherwise,
});

const attempt = (table: Table, write: PlainWrite) =>
  table.write(write, 'new').catch((error: unknown) => {
    if (error instanceof WindowMoved) return error;
    throw error;
  });

/**
 * Counts one call of an address against an hourly limit: one conditional write, two on the first call of an hour. Never lets more than the limit
 * through, however many come at once. Throws RATE_LIMITED.
 */
export async function countAddress(
  table: Table,
  address: string,
  kind: 'anonymous' | 'sign_in',
  limit: number,
  now: Date,
): Promise<Allowance> {
  const key = { pk: `ADDRESS#${address}`, sk: `LIMIT#${kind}` };
  let window = windowOf(now);
  for (;;) {
    const counted = await attempt(table, countIn(key, window, limit));
    if (!(counted instanceof WindowMoved)) return allowanceOf(limit, Number(counted?.['n']), window);
    const current = Number(counted.item?.['win'] ?? 0);
    if (current >= window) {
      if (Number(counted.item?.['n']) >= limit) throw rateLimited(allowanceOf(limit, limit, current), now);
      // A clock behind the item's window counts in that window.
      window = current;
      continue;
    }
    const opened = await attempt(table, openWindow(key, window));
    if (!(opened instanceof WindowMoved)) return allowanceOf(limit, 1, window);
  }
}
