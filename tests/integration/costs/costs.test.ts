import { beforeAll, describe, expect, inject, it } from 'vitest';
import { readCostTable } from '../../support/cost-table.ts';
import { createHttp, spentOf } from '../../support/http-client.ts';
import { deleteItem } from '../../support/table-items.ts';
import { until } from '../../support/until.ts';
import { makeCostWorld } from './cost-world.ts';
import { type CostWorld, operations } from './operations.ts';

const stack = inject('stack');
const http = createHttp(stack.base_url);
const table = readCostTable();

let world: CostWorld;
beforeAll(async () => {
  // All tests come from one address: what the others tried in vain is part of what a password costs.
  await deleteItem(stack, { pk: 'LOGIN#127.0.0.1', sk: 'FAILURES' });
  world = await makeCostWorld(http, stack.admin);
}, 120_000);

const hourMs = 3_600_000;
/**
 * The first call of an hour opens its caller's window, one trip and one WCU more: everybody has called in this one before anything is measured, and it does not
 * end meanwhile.
 */
let warmHour: number;
async function openWindows(): Promise<void> {
  const hourNow = () => Math.floor(Date.now() / hourMs);
  const ending = hourNow();
  if (Date.now() % hourMs > hourMs - 10_000) await until('the hour has turned', () => hourNow() !== ending);
  const hour = hourNow();
  if (hour === warmHour) return;
  await http('GET', '/auth/check-email?email=nobody@example.com');
  for (const { token } of [world.owner, world.other, world.admin]) await http('GET', '/auth/me', { token });
  warmHour = hour;
}

describe('the written table of costs', () => {
  it('has a row for each operation and no other', () => {
    expect([...table.keys()].toSorted()).toEqual(operations.map(({ name }) => name).toSorted());
  });

  it.each(operations.map((operation) => [operation.name, operation] as const))(
    'holds for %s',
    async (name, operation) => {
      await openWindows();
      const answer = await operation.run(http, world);
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
      expect({ [name]: spentOf(answer) }).toEqual({ [name]: table.get(name) });
    },
  );
});

describe('the budgets', () => {
  const reads = operations.filter(({ name }) => /^(get|list|me)/.test(name));
  const creates = operations.filter(({ name }) => /^create/.test(name));

  /** Which list of images is cached for somebody, only their credential says: it is read first. A user's key is claimed before Cognito acts. */
  const mostTrips = (name: string) => (['list images', 'create user'].includes(name) ? 4 : 3);

  it.each(reads.map(({ name }) => name))('%s is at most 3 trips and 2 WCU', (name) => {
    expect(table.get(name)?.trips).toBeLessThanOrEqual(mostTrips(name));
    expect(table.get(name)?.wcu).toBeLessThanOrEqual(2);
  });

  it.each(creates.map(({ name }) => name))('%s is at most 3 trips and 16 WCU', (name) => {
    expect(table.get(name)?.trips).toBeLessThanOrEqual(mostTrips(name));
    expect(table.get(name)?.wcu).toBeLessThanOrEqual(16);
  });

  it('asks KMS where a secret is written or opened, and never else', () => {
    const asking = [...table].filter(([, { kms }]) => kms > 0).map(([name, { kms }]) => [name, kms]);
    expect(asking).toEqual([
      ['create credential', 1],
      ['replace credential', 1],
      ['verify credential', 1],
      ['rotate credential', 2],
      ['list instances', 1],
    ]);
  });
});
