import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { maxWorkspacesPerUser } from '../../contracts/workspaces/limits.ts';
import { makeCostWorld } from '../integration/costs/cost-world.ts';
import { type CostWorld, operations } from '../integration/costs/operations.ts';
import { startStack } from '../support/emulator.ts';
import { createHttp, type Http, spentOf } from '../support/http-client.ts';
import { type Person, register } from '../support/people.ts';
import { countTransitions } from './count-transitions.ts';
import { measureImports, readEnvironments } from './measure-imports.ts';
import { type LoadFigure, measureLoad } from './measure-load.ts';
import { costOf } from './prices.ts';
import { type BenchReport, formatReport, type OperationFigure, renewCosts } from './report.ts';

const root = join(import.meta.dirname, '../..');
/** One address and few users make all the load, so the hourly limits are out of its way. */
const limits = JSON.stringify({ user: 100_000_000, anonymous: 100_000_000, sign_in: 100_000_000 });

async function measureOperations(
  http: Http,
  world: CostWorld,
  transitionsOfCreate: number,
): Promise<OperationFigure[]> {
  const figures: OperationFigure[] = [];
  for (const { name, run } of operations) {
    await run(http, world);
    const began = performance.now();
    const answer = await run(http, world);
    const seconds = (performance.now() - began) / 1_000;
    if (answer.status >= 300) throw new Error(`${name} answered ${answer.status}`);
    const spent = spentOf(answer);
    const transitions = name === 'create vm' ? transitionsOfCreate : 0;
    figures.push({ name, ...spent, transitions, usdPerMillion: costOf(spent, seconds, transitions) * 1e6 });
  }
  return figures;
}

async function makePeople(http: Http, count: number): Promise<Person[]> {
  const people: Person[] = [];
  while (people.length < count) people.push(await register(http, 'maker'));
  return people;
}

/** Calls that each make a workspace: a user may own 50, so many makers stand by. */
function makeWorkspaces(http: Http, makers: readonly Person[]): () => ReturnType<Http> {
  let made = 0;
  return () => {
    const maker = makers[Math.floor(made / maxWorkspacesPerUser)];
    made += 1;
    return http('POST', '/workspaces', { token: maker?.token, body: { name: `load ${randomUUID()}` } });
  };
}

async function measureAllLoad(http: Http, { owner, workspaceId }: CostWorld): Promise<LoadFigure[]> {
  const { token } = owner;
  const isOk = async (answer: ReturnType<Http>) => (await answer).status < 300;
  const people = await makePeople(http, 100);
  const create = makeWorkspaces(http, people);
  let signedIn = 0;
  /** One after another: a user's own sign-ins at once would wait for each other. */
  const signIn = () => {
    signedIn += 1;
    const person = people[signedIn % people.length];
    return http('POST', '/auth/login', { body: { email: person?.email, password: person?.password } });
  };
  const loads: [string, () => Promise<boolean>][] = [
    ['GET workspace', () => isOk(http('GET', `/workspaces/${workspaceId}`, { token }))],
    ['POST workspace', () => isOk(create())],
    ['GET vms', () => isOk(http('GET', `/vms?workspace_id=${workspaceId}`, { token }))],
    ['login', () => isOk(signIn())],
  ];
  const figures: LoadFigure[] = [];
  for (const [name, call] of loads) {
    for (const inFlight of [1, 8, 16]) figures.push(await measureLoad(name, call, inFlight, 6_000));
  }
  return figures;
}

const machine: BenchReport['machine'] = [
  new Date().toISOString().slice(0, 10),
  cpus().length,
  process.versions.node,
  Math.round((loadavg()[0] ?? 0) * 10) / 10,
];
const stack = await startStack({ dir: '.local-bench', context: { limits } });
try {
  const http = createHttp(stack.endpoints.base_url);
  const world = await makeCostWorld(http, await register(http, 'admin'));
  const operationFigures = await measureOperations(http, world, await countTransitions(stack, world.vmId));
  const load = await measureAllLoad(http, world);
  // Last, for it holds this process up while connections would be left waiting.
  const functions = measureImports(join(root, 'dist/functions'), await readEnvironments(stack.client));
  const report: BenchReport = { machine, operations: operationFigures, functions, load };
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, 'dist/bench.json'), `${JSON.stringify(report, null, 2)}\n`);
  const costs = join(root, 'docs/costs.md');
  writeFileSync(costs, renewCosts(readFileSync(costs, 'utf8'), report));
  console.log(`${formatReport(report)}\n\nAlso in dist/bench.json and docs/costs.md.`);
} finally {
  await stack.stop();
}
