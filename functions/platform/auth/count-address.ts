import type { Allowance } from '../api/exchange.ts';
import { orRefused, Refused, refused } from '../table/refused.ts';
import type { Key, PlainWrite, Table } from '../table/types.ts';
import { rateLimited } from './rate-limited.ts';
import { allowanceOf, windowOf } from './window.ts';

const countIn = (key: Key, window: number, limit: number): PlainWrite => ({
  update: key,
  change: { text: 'ADD #n :one', values: { one: 1 } },
  condition: { text: '#win = :window AND #n < :limit', values: { window, limit } },
  otherwise: refused,
});

const openWindow = (key: Key, window: number): PlainWrite => ({
  update: key,
  // Expires two hours after the window ends. Nothing reads it later.
  change: { text: 'SET #win = :window, #n = :one, #ttl = :ttl', values: { window, one: 1, ttl: (window + 3) * 3_600 } },
  condition: { text: 'attribute_not_exists(#win) OR #win < :window', values: { window } },
  otherwise: refused,
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
    const counted = await orRefused(table.write(countIn(key, window, limit), 'new'));
    if (!(counted instanceof Refused)) return allowanceOf(limit, Number(counted?.['n']), window);
    const current = Number(counted.old?.['win'] ?? 0);
    if (current >= window) {
      if (Number(counted.old?.['n']) >= limit) throw rateLimited(allowanceOf(limit, limit, current), now);
      // A clock behind the item's window counts in that window.
      window = current;
      continue;
    }
    const opened = await orRefused(table.write(openWindow(key, window), 'new'));
    if (!(opened instanceof Refused)) return allowanceOf(limit, 1, window);
  }
}
