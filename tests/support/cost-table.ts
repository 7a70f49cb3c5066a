import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Spent } from './http-client.ts';

const file = join(import.meta.dirname, '../../docs/costs.md');

/** What stands in docs/costs.md below a heading. */
export function readCosts(heading: string): string {
  const section = readFileSync(file, 'utf8')
    .split(/^## /m)
    .find((each) => each.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`docs/costs.md has no section ${heading}`);
  return section;
}

/** The table of operations in docs/costs.md: `| operation | trips | WCU | RCU | KMS |…`, by operation. */
export function readCostTable(): ReadonlyMap<string, Spent> {
  const rows = readCosts('Operations').matchAll(/^\| ([a-z][a-z ]+) \| (\d+) \| ([\d.]+) \| ([\d.]+) \| (\d+) \|/gm);
  return new Map(
    [...rows].map(([, name, trips, wcu, rcu, kms]) => [
      String(name),
      { trips: Number(trips), wcu: Number(wcu), rcu: Number(rcu), kms: Number(kms) },
    ]),
  );
}
