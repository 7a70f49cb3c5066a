import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Spent } from './http-client.ts';

const file = join(import.meta.dirname, '../../docs/costs.md');

/** The table of operations in docs/costs.md: `| operation | trips | WCU | RCU | KMS |…`, by operation. */
export function readCostTable(text = readFileSync(file, 'utf8')): ReadonlyMap<string, Spent> {
  const rows = text.matchAll(/^\| ([a-z][a-z ]+) \| (\d+) \| ([\d.]+) \| ([\d.]+) \| (\d+) \|/gm);
  return new Map(
    [...rows].map(([, name, trips, wcu, rcu, kms]) => [
      String(name),
      { trips: Number(trips), wcu: Number(wcu), rcu: Number(rcu), kms: Number(kms) },
    ]),
  );
}
