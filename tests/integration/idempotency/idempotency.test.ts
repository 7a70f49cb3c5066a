import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../../contracts/routes.ts';
import { principalKey } from '../../../functions/platform/auth/principal.ts';
import type { Key, Table } from '../../../functions/platform/table/types.ts';
import { awaitCrowd } from '../../support/crowd.ts';
import { tellFigures } from '../../support/figures.ts';
import type { Http, HttpAnswer } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { rounds } from '../../support/sizes.ts';
import { effectOf, takeSnapshot } from '../bad-days/effects.ts';
import { createCatalogHttp } from '../catalog/catalog-api.ts';
import { createFakeCatalog } from '../catalog/fake-catalog.ts';
import { createComputeHttp } from '../compute/compute-api.ts';
import { createIdentityApi } from '../identity/identity-api.ts';
import { withoutConditions } from '../identity/unguarded-table.ts';
import { racingTable } from '../workspaces/racing.ts';
import { createTenancy, type Tenancy } from '../workspaces/tenancy.ts';
import { posts, type Scene, setScene, together } from './posts.ts';

const atOnce = 20;

let backend: Backend;
let tenancy: Tenancy;
let http: Http;
beforeAll(async () => {
  backend = await startBackend();
  tenancy = createTenancy(backend);
  http = together(tenancy.http, createComputeHttp(tenancy), providersOf(tenancy), usersHttp(tenancy));
}, 60_000);
afterAll(() => backend?.stop());

/** Without a price service: the price file knows what the requests ask for. */
function providersOf({ table }: Tenancy): Http {
  const catalog = createFakeCatalog();
  catalog.prices.down = true;
  return createCatalogHttp(backend, { catalog, table });
}

/** Users and API keys, for the people of a tenancy: a token is the id of whose it is. */
const usersHttp = ({ table }: Tenancy) =>
  createIdentityApi(table, {
    verifyToken: async (token) => ({ userId: token, sessionId: 'session', expiresAt: 9_999_999_999 }),
  }).http;

const idempotent = Object.values(routes).filter((route) => route.idempotent === true);

function sender(id: string, scene: Scene, { by = scene.by, via = http } = {}) {
  const post = posts[id];
  if (post === undefined) throw new Error(`no request for route ${id}: add one to posts.ts`);
  return (key: string | undefined, variant = 1) =>
    via('POST', post.path(scene), {
      token: by.token,
      body: post.body(scene, variant),
      headers: key === undefined ? {} : { 'idempotency-key': key },
    });
}

const shownOnce = (id: string) => [...(routes[id]?.shownOnce ?? []), 'already_shown'];

/** Without what is shown once: that is looked at by itself. */
const substanceOf = (id: string) => (answer: HttpAnswer) => {
  const { data, ...rest } = substance(answer);
  const kept = Object.entries(data ?? {}).filter(([name]) => !shownOnce(id).includes(name));
  return { ...rest, data: Object.fromEntries(kept) };
};

const substance = ({ status, body, headers }: HttpAnswer) => ({
  status,
  etag: headers.get('etag'),
  ...body,
  request_id: undefined,
  timestamp: undefined,
});

/** Where something outside acts before the table, the key is claimed first: who comes meanwhile may come again. */
const claims = (id: string) => id === 'users.create';

const isInFlight = ({ status, body, headers }: HttpAnswer) =>
  status === 409 && /is at work already/.test(body.error) && Number(headers.get('retry-after')) > 0;

/** What the work leaves in the table, but for rows: each call has its own. */
async function effect(work: () => Promise<unknown>): Promise<string[]> {
  const where = { client: backend.client, outputs: { TableName: backend.tableName } };
  const before = await takeSnapshot(where);
  await work();
  return effectOf(before, await takeSnapshot(where)).filter((change) => !change.startsWith('+ AUDIT'));
}

/** Nobody writes an item that fits before everybody is about to. */
function gathering(table: Table, fits: (key: Key) => boolean): Table {
  const all = awaitCrowd(atOnce);
  return {
    ...table,
    transact: async (writes, token) => {
      if (writes.some((write) => 'put' in write && fits(write.put))) await all();
      return table.transact(writes, token);
    },
  };
}

const many = <Result>(work: () => Promise<Result>) => Promise.all(Array.from({ length: atOnce }, work));

describe.each(idempotent.map(({ id }) => id))('%s with a key', (id) => {
  it(`has the effect of one call and its answer, of ${atOnce} at once and later`, async ({ task }) => {
    const alone = await setScene(tenancy, posts[id]?.role);
    const wanted = await effect(() => sender(id, alone)(randomUUID()));
    expect(wanted.length).toBeGreaterThan(1);
    for (let round = 0; round < rounds(1, 20); round += 1) {
      const send = sender(id, await setScene(tenancy, posts[id]?.role));
      const key = randomUUID();
      const answers: HttpAnswer[] = [];
      expect(await effect(async () => answers.push(...(await many(() => send(key))), await send(key)))).toEqual(wanted);
      const answered = claims(id) ? answers.filter((answer) => !isInFlight(answer)) : answers;
      const [first, ...others] = answered.map(substanceOf(id));
      expect(others.length).toBeGreaterThan(0);
      expect(first?.status).toBeLessThan(300);
      for (const other of others) expect(other).toEqual(first);
      for (const name of routes[id]?.shownOnce ?? []) {
        expect(answers.filter(({ body }) => body.data[name] !== null)).toHaveLength(1);
        expect(answers.filter(({ body }) => body.data.already_shown === true)).toHaveLength(answers.length - 1);
      }
    }
    tellFigures(task, { calls: rounds(1, 20) * (atOnce + 1) });
  });

  it('and another body is CONFLICT, and does nothing', async () => {
    const send = sender(id, await setScene(tenancy, posts[id]?.role));
    const key = randomUUID();
    await send(key, 1);
    expect(
      await effect(async () => {
        const refused = await many(() => send(key, 2));
        expect(new Set(refused.map(({ status, body }) => `${status} ${body.code}`))).toEqual(new Set(['409 CONFLICT']));
      }),
    ).toEqual([]);
  });

  it('is its caller’s own: the same key of another does that one’s work', async () => {
    const scene = await setScene(tenancy, posts[id]?.role);
    const key = randomUUID();
    const mine = await sender(id, scene)(key);
    const joiner = await tenancy.settle();
    const theirs = await sender(id, { ...scene, joiner }, { by: scene.owner })(key);
    expect([mine.status < 300, theirs.status]).toEqual([true, mine.status]);
    if (mine.body.data !== undefined) expect(theirs.body.data.id).not.toBe(mine.body.data.id);
  });

  it('is authorised anew: who may not any more gets no answer of before', async () => {
    const scene = await setScene(tenancy, posts[id]?.role);
    const send = sender(id, scene);
    const key = randomUUID();
    expect((await send(key)).status).toBeLessThan(300);
    const { by, owner, workspaceId } = scene;
    if (posts[id]?.inWorkspace === true) {
      await tenancy.http('DELETE', `/workspaces/${workspaceId}/members/${by.id}`, { token: owner.token });
      expect((await send(key)).body.code).toBe('NOT_FOUND');
      await tenancy.join(workspaceId, by, 'admin', owner);
    } else {
      const become = (role: string, state = 'active') =>
        backend.table.write({
          update: principalKey(by.id),
          change: { text: 'SET #role = :role, #state = :state', values: { role, state } },
        });
      const ofAccount = posts[id]?.ofAccount === true;
      await (ofAccount ? become('user', 'disabled') : become('viewer'));
      expect((await send(key)).body.code).toBe(ofAccount ? 'UNAUTHORIZED' : 'FORBIDDEN');
      await become(posts[id]?.role ?? 'user');
    }
    expect((await send(key)).status).toBeLessThan(300);
  });

  it('is done more than once, or refused, where the record of keys does not guard (control)', async () => {
    const isRecord = ({ pk }: Key) => pk.startsWith('IDEMPOTENCY#');
    const table = withoutConditions(gathering(racingTable(backend), isRecord), isRecord);
    const careless = createTenancy(backend, { table });
    const via = together(careless.http, createComputeHttp(careless), providersOf(careless), usersHttp(careless));
    const send = sender(id, await setScene(tenancy, posts[id]?.role), { via });
    const key = randomUUID();
    const answers = await many(() => send(key));
    expect(new Set(answers.map((answer) => JSON.stringify(substance(answer)))).size).toBeGreaterThan(1);
    // Each claims the key and completes its claim; all but the one whose address is free give it up.
    expect(table.lifted).toBe(claims(id) ? 3 * atOnce - 1 : atOnce);
  });
});
