import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { rounds } from '../../support/sizes.ts';
import type { Given } from './killed-world.ts';
import { runScenario } from './scenario.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(() => backend?.stop());

const kills = 12;
const seeds = Array.from({ length: rounds(3, 40) }, (_, at) => at + 1);

/** Seeds that a control may take to show it. */
const mostOfControl = 40;

const run = async (seed: number, without?: Given['without']) =>
  runScenario(seed, { table: (await backend.makeTable()).table, kills, without });

describe('functions that are killed in the middle of anything', () => {
  let [planned, fired, runs] = [0, 0, 0];

  it.each(seeds)('by seed %i leave all settled within two ticks, and nothing behind', async (seed) => {
    const outcome = await run(seed);
    planned += outcome.planned;
    fired += outcome.fired;
    runs += outcome.runs;
    expect(outcome.wrong, `of seed ${seed}`).toEqual([]);
  });

  it('were killed as often as planned', () => {
    expect([fired, planned]).toEqual([kills * seeds.length, kills * seeds.length]);
    expect(runs).toBeGreaterThan(0);
  });

  it('are killed at the same calls by the same seed', async () => {
    const [first, second] = [await run(1), await run(1)];
    expect(first.trace.length).toBeGreaterThan(100);
    expect(second.trace).toEqual(first.trace);
  });
});

/** The control: with a guard removed, some seed shows what the guard is for. */
describe('the same kills without', () => {
  it.each([
    ['the reconciler leave a VM busy for good', 'reconciler', /(pending|starting|stopping|deleting) after two ticks$/],
    ['the token of a launch make a VM two machines', 'token', /with \d machines$/],
    ['the state in each write’s condition lead a VM where its state does not', 'state', /went from/],
  ] as const)('%s', async (_, guard, expected) => {
    const wrong: string[] = [];
    let seed = 0;
    while (seed < mostOfControl && wrong.length === 0) {
      seed += 1;
      wrong.push(...(await run(seed, guard)).wrong.filter((what) => expected.test(what)));
    }
    expect(wrong).not.toEqual([]);
  });
});
