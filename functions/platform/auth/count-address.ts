import type { Allowance } from '../api/exchange.ts';
import { key } from '../table/key.ts';
import { orRefused, Refused, refused } from '../table/refused.ts';
import type { Key, PlainWrite, Table } from '../table/types.ts';
import { rateLimited } from './rate-limited.ts';
import { allowanceOf, windowOf } from './window.ts';

const countIn = (counter: Key, window: number, limit: number): PlainWrite => ({
  update: counter,
  change: { text: 'ADD #n :one', values: { one: 1 } },
  condition: { text: '#win = :window AND #n < :limit', values: { window, limit } },
  otherwise: refused,
});

const openWindow = (counter: Key, window: number): PlainWrite => ({
  update: counter,
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
  const counter = { pk: key('ADDRESS', address), sk: key('LIMIT', kind) };
  let window = windowOf(now);
  for (;;) {
    const counted = await orRefused(table.write(countIn(counter, window, limit), 'new'));
    if (!(counted instanceof Refused)) return allowanceOf(limit, Number(counted?.['n']), window);
    const current = Number(counted.old?.['win'] ?? 0);
    if (current >= window) {
      if (Number(counted.old?.['n']) >= limit) throw rateLimited(allowanceOf(limit, limit, current), now);
      // A clock behind the item's window counts in that window.
      window = current;
      continue;
    }
    const opened = await orRefused(table.write(openWindow(counter, window), 'new'));
    if (!(opened instanceof Refused)) return allowanceOf(limit, 1, window);
  }
}
