import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../../contracts/route.ts';
import { routes } from '../../../contracts/routes.ts';
import { inParallel } from '../../../functions/platform/in-parallel.ts';
import type { ActiveRule, FaultRule } from '../../support/dynamodb-proxy.ts';
import { ownFolder } from '../../support/emulator.ts';
import { tellFigures } from '../../support/figures.ts';
import { type HttpAnswer, spentOf } from '../../support/http-client.ts';
import { register } from '../../support/people.ts';
import { rounds } from '../../support/sizes.ts';
import { until } from '../../support/until.ts';
import { createFinder } from '../canaries/find-secrets.ts';
import { openJournal } from '../canaries/journal.ts';
import { queuesHolding, readPlaces } from '../canaries/places.ts';
import { creations, endings } from './ec2-faults.ts';
import { machinesOf } from './ec2-machines.ts';
import { effectOf, takeSnapshot } from './effects.ts';
import { type FaultedStack, startFaultedStack } from './faulted-stack.ts';
import { putItem } from './put-item.ts';
import { createVm, makeWorld, settled, type World } from './world.ts';
import { type Write, writes } from './writes.ts';

const since = Date.now();
let stack: FaultedStack;
let world: World;

beforeAll(async () => {
  stack = await startFaultedStack(ownFolder('.local-test-bad-days'));
  const journal = openJournal({ ...stack, admin: undefined as never });
  world = await makeWorld(journal, await register(journal.http, 'admin'));
}, 300_000);
afterAll(() => stack?.stop());

const mutating = Object.values(routes).filter(({ method }) => method !== 'GET');
const order = Object.keys(writes);
/** Of each function's writes the first; with PROVE=1 all of them. */
const isMet = (route: Route, _: number, all: readonly Route[]) =>
  rounds(0, 1) === 1 || all.find(({ fn }) => fn === route.fn) === route;
const cases = mutating
  .toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
  .filter(isMet)
  .map((route) => [route.id, route] as const);

async function prepare(route: Route) {
  const make = writes[route.id];
  if (make === undefined) throw new Error(`no write for route ${route.id}: add one to writes.ts`);
  const write: Write = await make(world);
  const headers: Record<string, string> = route.idempotent === true ? { 'idempotency-key': randomUUID() } : {};
  const send = () =>
    world.http(route.method, write.path, {
      token: write.token,
      headers,
      ...(write.body !== undefined && { body: write.body }),
    });
  return { send, settle: async (answer: HttpAnswer) => write.settle?.(answer) };
}

/** What a route's call does to the table, once all that it begins has ended; but for what people are told of it, behind the stream and in its own time. */
async function effectFor({ fn }: Route, work: () => Promise<unknown>): Promise<string[]> {
  const before = await takeSnapshot(stack);
  await work();
  const changes = effectOf(before, await takeSnapshot(stack));
  return fn === 'notifications-api' ? changes : changes.filter((change) => !/^. NOTIFICATION\//.test(change));
}

/** An API's transaction holds its audit row, which tells it from those of the functions behind the stream. */
const ofTransaction = { operation: 'TransactWriteItems', pk: /^AUDIT#/ } as const;
const ofCounting = { operation: 'UpdateItem', pk: /^(PRINCIPAL|ADDRESS)#/ } as const;

async function under<Result>(rules: FaultRule[], work: (rules: ActiveRule[]) => Promise<Result>): Promise<Result> {
  const active = rules.map((rule) => stack.dynamodb.add(rule));
  try {
    return await work(active);
  } finally {
    stack.dynamodb.clear();
  }
}

const refusal = ({ status, body, headers }: HttpAnswer) => [status, body.code, headers.get('retry-after')];
const onlyItsRow = (changes: string[]) => changes.filter((change) => !/^\+ AUDIT: .* 503 false$/.test(change));
let fired = 0;
const expectFired = (rules: readonly ActiveRule[], times: unknown[]) => {
  expect(rules.map((rule) => rule.fired)).toEqual(times);
  fired += rules.reduce((sum, rule) => sum + rule.fired, 0);
};
/** Six, unless the call's time is up before. */
const several = expect.toSatisfy((times: number) => times >= 2 && times <= 6);

describe('a route that writes, on a bad day of the table', () => {
  it('is known here, whichever it is', () => {
    expect(order.toSorted()).toEqual(mutating.map(({ id }) => id).toSorted());
  });

  it.each(cases)(
    '%s gives up on a conflict that stays, without a trace; asked again, goes through a storm, once',
    async (_, route) => {
      const effect = (work: () => Promise<unknown>) => effectFor(route, work);
      const calm = await prepare(route);
      const wanted = await effect(async () => calm.settle(await calm.send()));
      const { send, settle } = await prepare(route);
      const lasting = [
        { fault: 'conflict', ...ofTransaction },
        ...(rounds(0, 1) === 1 ? [{ fault: 'throttle', ...ofTransaction }] : []),
      ] as FaultRule[];
      for (const rule of lasting) {
        const changes = await effect(() =>
          under([rule], async (rules) => {
            expect(refusal(await send())).toEqual([503, 'SERVICE_UNAVAILABLE', '2']);
            expectFired(rules, [several]);
          }),
        );
        expect(onlyItsRow(changes)).toEqual([]);
      }
      const storm: FaultRule[] = [
        { fault: 'conflict', ...ofCounting, times: 1 },
        { fault: 'conflict', ...ofTransaction, times: 1 },
        { fault: 'throttle', ...ofTransaction, times: 1 },
        { fault: 'drop-after', ...ofTransaction, times: 1 },
      ];
      const changes = await effect(async () => {
        const answer = await under(storm, async (rules) => {
          const sent = await send();
          expectFired(rules, [1, 1, 1, 1]);
          return sent;
        });
        expect(answer.status, JSON.stringify(answer.body)).toBe(route.answer.status);
        await settle(answer);
      });
      expect(changes).toEqual(wanted);
    },
  );

  it('has met each fault that was planned', ({ task }) => {
    tellFigures(task, { writes: cases.length, faults: fired });
    expect(fired).toBeGreaterThanOrEqual(cases.length * rounds(6, 8));
  });
});

/** A request to a route about things of the world; a GET of it succeeds. */
function aim({ id, path, who, query: asked }: Route): { path: string; token: string } {
  const ids: Record<string, string> = {
    vms: world.vmId,
    credentials: world.credentialId,
    users: world.owner.id,
    instances: world.instanceId,
  };
  const aimed = path
    .replace('{id}', ids[id.split('.')[0] ?? ''] ?? world.workspaceId)
    .replace('{name}', 'aws')
    .replace('{userID}', world.owner.id);
  const needed = {
    ...(who.kind === 'workspace' && who.at === 'query' && { workspace_id: world.workspaceId }),
    ...(asked?.shape['credential_id'] !== undefined && { credential_id: world.credentialId }),
    ...(asked?.shape['region'] !== undefined && path.includes('{name}') && { region: 'eu-west-1' }),
  };
  const query = `?${new URLSearchParams(needed as Record<string, string>)}`;
  const { token } = who.kind === 'permission' ? world.admin : world.owner;
  return { path: aimed.replace(/^\/api\/v1/, '') + query, token };
}

describe('every route, with the table down', () => {
  it('answers SERVICE_UNAVAILABLE and when to come again, and does nothing', async ({ task }) => {
    const all = Object.values(routes);
    const before = await takeSnapshot(stack);
    const answers = await under([{ fault: 'drop-before' }], () =>
      inParallel(4, all, async (route) => {
        const { path, token } = aim(route);
        const answer = await world.http(route.method, path, { token, ...(route.body && { body: {} }) });
        return [route.id, ...refusal(answer), spentOf(answer).trips >= 2];
      }),
    );
    // Tried again at least; how often before the call's time is up depends on the machine.
    const unavailable = [503, 'SERVICE_UNAVAILABLE', expect.stringMatching(/^\d+$/), true];
    expect(answers).toEqual(all.map(({ id }) => [id, ...unavailable]));
    expect(effectOf(before, await takeSnapshot(stack))).toEqual([]);
    tellFigures(task, { routes: all.length });
  });
});

describe('every route that reads, throttled once', () => {
  const reads = Object.values(routes).filter(({ method, who }) => method === 'GET' && who.kind !== 'anyone');

  it('answers all the same', async ({ task }) => {
    const refused: unknown[] = [];
    let met = 0;
    for (const route of reads) {
      const { path, token } = aim(route);
      const read = { fault: 'throttle', operation: ['GetItem', 'BatchGetItem', 'Query'], times: 1 } as const;
      await under([{ ...read }], async ([rule]) => {
        const { status } = await world.http(route.method, path, { token });
        met += rule?.fired ?? 0;
        // There is no export to be read: its route says so, throttled or not.
        if (status !== (route.id === 'audit.read_export' ? 404 : 200)) refused.push([route.id, status]);
      });
    }
    expect(refused).toEqual([]);
    // Some read nothing but their caller, whom the counting of the call brings.
    tellFigures(task, { routes: reads.length, throttled: met });
    expect(met).toBeGreaterThan(0.8 * reads.length);
  });
});

describe('a table that takes the call and never answers', () => {
  it('is given up before the platform would cut the call off', async () => {
    const { send } = await prepare(routes['workspaces.update'] as Route);
    await under([{ fault: 'hang-after', ...ofTransaction }], async ([rule]) => {
      expect(refusal(await send())).toEqual([503, 'SERVICE_UNAVAILABLE', '2']);
      expect(rule?.fired).toBeGreaterThanOrEqual(2);
    });
  });
});

describe('a VM, when EC2', () => {
  const remove = async (id: string) => {
    expect((await world.http('DELETE', `/vms/${id}`, { token: world.owner.token })).status).toBe(202);
    expect((await settled(world, id)).status).toBe('deleted');
    expect((await machinesOf(stack, id)).alive).toBe(0);
  };

  it.each(creations)('$name, has one machine at most and can be deleted', async ({ faults, ends }) => {
    stack.ec2.plan(...faults);
    const id = await createVm(world);
    const vm = await settled(world, id);
    expect(stack.ec2.clear()).toBe(0);
    const { made, alive } = await machinesOf(stack, id);
    expect(made).toBeLessThanOrEqual(1);
    if (ends === 'running') expect([vm.status, vm.status_reason, alive]).toEqual(['running', null, 1]);
    else {
      expect([vm.status, vm.status_reason, alive]).toEqual(['error', expect.stringMatching(ends), 0]);
      expect(vm.instance_id).toBe(null);
    }
    await remove(id);
  });

  it.each(endings)('$name, is where it says it is', async ({ path, faults, ends }) => {
    const id = await createVm(world);
    await settled(world, id);
    stack.ec2.plan(...faults);
    await world.http(path === '' ? 'DELETE' : 'POST', `/vms/${id}${path}`, { token: world.owner.token });
    const vm = await settled(world, id);
    expect(stack.ec2.clear()).toBe(0);
    if (typeof ends === 'string') expect(vm.status).toBe(ends);
    else expect([vm.status, vm.status_reason]).toEqual(['error', expect.stringMatching(ends)]);
    expect((await machinesOf(stack, id)).made).toBe(1);
    if (ends !== 'deleted') await remove(id);
  });

  it('does so, in fact', ({ task }) => {
    const met = Object.fromEntries(stack.ec2.faults);
    tellFigures(task, { 'EC2 faults': Object.values(met).reduce((sum, each) => sum + each, 0) });
    expect([met.error, met.throttle, met.drop].map((times = 0) => times > 0)).toEqual([true, true, true]);
  });
});

describe('a record of the stream that nobody can read', () => {
  it('waits in a queue of each consumer, whole, and later ones go on', async () => {
    const poison = `poison-${randomUUID()}`;
    await putItem(stack, { pk: `AUDIT#${poison}#2020-01`, sk: 'poison', type: 'audit', success: false });
    // The relay starts its workflow, or it stays pending.
    const id = await createVm(world);
    expect((await settled(world, id)).status).toBe('running');
    const where = `?workspace_id=${world.workspaceId}&limit=1`;
    const ask = async (path: string) => (await world.http('GET', path + where, { token: world.owner.token })).body.data;
    const rows = (await ask('/audit-logs')).pagination.total;
    await until('the rows after it are chained', async () => {
      const verdict = (
        await world.http('GET', `/audit-logs/verify?workspace_id=${world.workspaceId}`, { token: world.owner.token })
      ).body.data;
      return verdict.intact && verdict.checked.rows >= rows;
    });
    await until('the record waits in both queues', async () => {
      const held = await queuesHolding(stack, poison);
      return ['relay-failures', 'chain-failures'].every((name) => held.includes(`skyclust-local-${name}`));
    });
  });
});

describe('the secrets of all of these days', () => {
  it('stand in no log, row, queue, history or answer', async ({ task }) => {
    const { secrets, answers } = world.journal;
    const find = createFinder(secrets.known);
    const places = { ...(await readPlaces(stack, since)), answers: answers.join('\n') };
    const found = Object.entries(places).map(([name, text]) => [name, find(text)]);
    expect(found.filter(([, hits]) => hits?.length !== 0)).toEqual([]);
    expect(secrets.known.size).toBeGreaterThanOrEqual(rounds(20, 50));
    tellFigures(task, { secrets: secrets.known.size, answers: answers.length });
  });
});
