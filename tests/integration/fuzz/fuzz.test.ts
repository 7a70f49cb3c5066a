import { beforeAll, describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { buildOpenApi } from '../../../contracts/openapi.ts';
import { type Route, route } from '../../../contracts/route.ts';
import { routes } from '../../../contracts/routes.ts';
import { tellFigures } from '../../support/figures.ts';
import { createHttp } from '../../support/http-client.ts';
import { rounds } from '../../support/sizes.ts';
import { startBrokenApi } from './broken-api.ts';
import { installFuzzer, whyNotHere } from './install-fuzzer.ts';
import { type FuzzOptions, runFuzzer } from './run-fuzzer.ts';
import { makeScene, type Scene } from './targets.ts';

const stack = inject('stack');
const http = createHttp(stack.base_url);
/** FUZZ_SEED replays another run's cases. */
const seed = Number(process.env['FUZZ_SEED'] ?? 20_260_131);
const full = process.env['PROVE'] === '1';

const obstacle = whyNotHere();
let fuzzer: string;
let scene: Scene;
beforeAll(async () => {
  if (obstacle !== undefined) return;
  fuzzer = installFuzzer();
  scene = await makeScene(http, stack.admin);
});

type Rest = Omit<FuzzOptions, 'fuzzer' | 'targets' | 'seed'>;
const fuzz = (options: Rest) => runFuzzer({ fuzzer, targets: scene.targets, seed, ...options });
const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);

const asPerson = ({ token }: { token: string }) => ({ Authorization: `Bearer ${token}` });
interface Caller {
  name: string;
  headers: () => Record<string, string>;
  examples: number;
  phases: FuzzOptions['phases'];
}
const thorough: FuzzOptions['phases'] = full ? ['fuzzing', 'coverage'] : ['fuzzing'];
/** These two reach what every route does. */
const inside: Caller[] = [
  {
    name: 'an owner',
    headers: () => asPerson(scene.owner),
    examples: rounds(1, 100),
    phases: [...thorough, 'stateful'],
  },
  { name: 'an admin', headers: () => asPerson(stack.admin), examples: rounds(1, 25), phases: thorough },
];
/** What they are refused, the permission matrix asks of every route; here it is only asked in more ways. */
const others: Caller[] = [
  {
    name: 'an API key of the owner',
    headers: () => ({ 'X-API-Key': scene.apiKey }),
    examples: 25,
    phases: ['fuzzing'],
  },
  { name: 'a viewer', headers: () => asPerson(scene.viewer), examples: 25, phases: ['fuzzing'] },
  { name: 'nobody', headers: () => ({}), examples: 25, phases: ['fuzzing'] },
];
const callers = full ? [...inside, ...others] : inside;

describe('what the document says of the API holds for', () => {
  const document = buildOpenApi(routes, { version: '0.0.0' });

  it.for(callers)('$name', async ({ name, headers: headersOf, examples, phases }, { task, skip }) => {
    if (obstacle !== undefined) return skip(obstacle);
    const headers = headersOf();
    // It would end the session that all other calls are made in.
    const without = 'Authorization' in headers ? ['auth.logout'] : [];
    const result = await fuzz({
      document,
      baseUrl: stack.base_url,
      headers,
      phases,
      examples,
      without,
    });
    const operations = Object.keys(result.cases).length;
    const figures = { operations, cases: sum(result.cases), succeeded: sum(result.hits), seed };
    console.log(`fuzzed as ${name}: ${JSON.stringify({ ...figures, statuses: result.statuses })}`);
    tellFigures(task, { caller: name, ...figures });
    expect(result.passed, `with seed ${seed}:\n${result.report}`).toBe(true);
    expect(operations).toBe(Object.keys(routes).length - without.length);
    expect(Object.keys(result.statuses).filter((status) => status >= '500')).toEqual([]);
    // Ids that hit: without them a call that needs a thing only ever hears that there is none.
    if (phases.includes('stateful')) expect(Object.keys(result.hits).length).toBeGreaterThan(operations / 4);
  });
});

const healthAt = (path: `/${string}`): Route => ({
  ...route({
    method: 'GET',
    path,
    summary: 'Answer health',
    who: { kind: 'anyone' },
    answer: { status: 200, data: z.strictObject({ status: z.string() }) },
    counted: 'no',
    audit: false,
    tag: 'Health',
  }),
  id: `broken${path.replace('/', '.')}`,
  fn: 'system-api',
});

it('a route that fails and one whose answer does not fit its schema are found, and a good one is not', async ({
  skip,
}) => {
  if (obstacle !== undefined) return skip(obstacle);
  const api = await startBrokenApi();
  const { passed, report } = await fuzz({
    document: buildOpenApi(
      Object.fromEntries((['/good', '/misfit', '/failing'] as const).map((path) => [path, healthAt(path)])),
      { version: '0.0.0' },
    ),
    baseUrl: api.baseUrl,
    headers: {},
    phases: ['fuzzing'],
    examples: 1,
  }).finally(api.stop);
  expect(passed).toBe(false);
  expect(report).toMatch(/_ GET \/failing _[\s\S]*Server error/);
  expect(report).toMatch(/_ GET \/misfit _[\s\S]*violates schema/);
  expect(report).not.toMatch(/_ GET \/good _/);
});
