import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Table, Write } from '../../../functions/platform/table/index.ts';
import type { Http, HttpAnswer } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { rounds } from '../../support/sizes.ts';
import { createComputeHttp, storeCredential, vmBody } from '../compute/compute-api.ts';
import { checkThenAct, racingTable, unguarded } from './racing.ts';
import { createTenancy, type Resident, type Tenancy } from './tenancy.ts';

const creators = 200;

let backend: Backend;
let table: Table;
let tenancy: Tenancy;

beforeAll(async () => {
  backend = await startBackend();
  table = racingTable(backend);
  tenancy = createTenancy(backend, { table });
}, 60_000);
afterAll(() => backend?.stop());

const statuses = (answers: readonly HttpAnswer[]) => {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

/**
 * Of a burst that two busy cores may not serve in time: whoever is not told of success is refused, or is told to come again, in which case it may have been
 * done. What must hold stands in the table.
 */
const told = (answers: readonly HttpAnswer[], most: number) => {
  const { 200: ok = 0, 201: created = 0, 409: _refused, 503: _later, ...others } = statuses(answers);
  return { others, withinLimit: ok + created <= most };
};

/** Comes again when told to, as a client does, so that a burst ends with every place taken. */
const insisting =
  ({ http }: Pick<Tenancy, 'http'>): Http =>
  async (...request) => {
    for (let again = 0; ; again += 1) {
      const answer = await http(...request);
      if (answer.status !== 503 || again === 5) return answer;
    }
  };

const together = <Result>(count: number, work: (n: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));

const of = (sk: string) => (write: Write) => 'update' in write && write.update.sk === sk;

describe('the quota of credentials', () => {
  const data = { access_key: 'AKIARACES00000000000', secret_key: 'racesRacesRaces', region: 'eu-west-1' };

  async function race(by: Tenancy) {
    const [owner, manager] = [await tenancy.settle(), await tenancy.settle('admin')];
    const id = await tenancy.found(owner);
    await tenancy.http('PUT', `/workspaces/${id}/quotas`, { token: manager.token, body: { max_credentials: 5 } });
    const answers = await together(creators, () =>
      insisting(by)('POST', '/credentials', { token: owner.token, body: { workspace_id: id, provider: 'aws', data } }),
    );
    const rows = await tenancy.rowsOf(id);
    const stored = rows.filter(({ sk }) => sk.startsWith('CREDENTIAL#')).length;
    return { ...told(answers, 5), stored, left: rows.find(({ sk }) => sk === 'QUOTA')?.['left_credentials'] };
  }

  it('of 5 lets 5 of 200 creators through, round after round', async () => {
    for (let round = 0; round < rounds(3, 50); round += 1) {
      expect(await race(tenancy)).toEqual({ others: {}, withinLimit: true, stored: 5, left: 0 });
    }
  }, 600_000);

  it('is passed by a program that looks before it writes', async () => {
    const careless = checkThenAct(table, of('QUOTA'), (quota) => Number(quota?.['left_credentials']) > 0);
    expect((await race(createTenancy(backend, { table: careless }))).stored).toBeGreaterThan(5);
  });
});

describe.each([
  { quota: '5 VMs', quotas: { max_vms: 5 }, left: 'left_vms', count: 1, most: 5, rest: 0 },
  { quota: '10 vCPUs', quotas: { max_vcpus: 10 }, left: 'left_vcpus', count: 1, most: 5, rest: 0 },
  { quota: '10 VMs, asked for by fours,', quotas: { max_vms: 10 }, left: 'left_vms', count: 4, most: 2, rest: 2 },
])('a quota of $quota', ({ quotas, left, count, most, rest }) => {
  /** Of a type with 2 vCPUs. */
  async function race(by: Table) {
    const [owner, manager] = [await tenancy.settle(), await tenancy.settle('admin')];
    const workspace_id = await tenancy.found(owner);
    const credential_id = await storeCredential(tenancy, owner, workspace_id);
    const { token } = manager;
    const set = await tenancy.http('PUT', `/workspaces/${workspace_id}/quotas`, { token, body: quotas });
    expect(set.status).toBe(200);
    const http = insisting({ http: createComputeHttp({ table: by }) });
    const body = { ...vmBody, workspace_id, credential_id, ...(count > 1 && { count }) };
    const answers = await together(rounds(40, creators), () => http('POST', '/vms', { token: owner.token, body }));
    const rows = await tenancy.rowsOf(workspace_id);
    const [quota, credential] = ['QUOTA', 'CREDENTIAL#'].map((prefix) => rows.find(({ sk }) => sk.startsWith(prefix)));
    const made = rows.filter(({ sk }) => sk.startsWith('VM#')).length;
    return { ...told(answers, most), made, left: quota?.[left], uses: credential?.['uses'] };
  }

  it('is kept in a burst, all or none of a request, and counts what was made', async () => {
    const vms = most * count;
    for (let round = 0; round < rounds(1, 50); round += 1) {
      expect(await race(table)).toEqual({ others: {}, withinLimit: true, made: vms, left: rest, uses: vms });
    }
  }, 600_000);

  it('is passed by a program that looks before it writes', async () => {
    const careless = checkThenAct(table, of('QUOTA'), (quota) => Number(quota?.[left]) >= count);
    expect((await race(careless)).made).toBeGreaterThan(most * count);
  });
});

describe('the limit of 50 workspaces a user', () => {
  const creating = 30;

  async function race(by: Tenancy) {
    const owner = await tenancy.settle();
    for (let n = 0; n < 45; n += 1) await tenancy.found(owner);
    const answers = await together(creating, (n) =>
      insisting(by)('POST', '/workspaces', { token: owner.token, body: { name: `burst ${n}` } }),
    );
    const { owned, ws } = await tenancy.principalOf(owner);
    return { ...told(answers, 5), owned, memberships: Object.keys(ws as object).length };
  }

  it('holds in a burst', async () => {
    for (let round = 0; round < rounds(2, 20); round += 1) {
      expect(await race(tenancy)).toEqual({ others: {}, withinLimit: true, owned: 50, memberships: 50 });
    }
  }, 600_000);

  it('is passed by a program that looks before it writes', async () => {
    const careless = checkThenAct(table, of('PRINCIPAL'), (principal) => Number(principal?.['owned']) < 50);
    expect((await race(createTenancy(backend, { table: careless }))).owned).toBeGreaterThan(50);
  });
});

describe('the last owner', () => {
  async function race(by: Tenancy, leave: (tenancy: Tenancy, id: string, owner: Resident) => Promise<HttpAnswer>) {
    const [first, second] = [await tenancy.settle(), await tenancy.settle()];
    const id = await tenancy.found(first);
    await tenancy.join(id, second, 'owner', first);
    const answers = await Promise.all([first, second].map((owner) => leave(by, id, owner)));
    const rows = await tenancy.rowsOf(id);
    const owners = rows.filter(({ sk, role }) => sk.startsWith('MEMBER#') && role === 'owner');
    const workspace = rows.find(({ sk }) => sk === 'WS');
    const quota = rows.find(({ sk }) => sk === 'QUOTA');
    const owned = await Promise.all(
      [first, second].map(async (owner) => Number((await tenancy.principalOf(owner))['owned'])),
    );
    return {
      answers: statuses(answers),
      owners: owners.length,
      ownedByAnOwner: owners.some(({ user_id }) => user_id === workspace?.['owner_id']),
      counted: quota?.['owners'],
      owned: owned.reduce((sum, count) => sum + count, 0),
    };
  }

  const goes = (by: Tenancy, id: string, { id: user, token }: Resident) =>
    by.http('DELETE', `/workspaces/${id}/members/${user}`, { token });
  const stepsDown = (by: Tenancy, id: string, { id: user, token }: Resident) =>
    by.http('PUT', `/workspaces/${id}/members/${user}`, { token, body: { role: 'member' } });

  it.each([
    ['go', goes],
    ['step down', stepsDown],
  ])(
    'stays when both owners %s at once',
    async (_, leave) => {
      for (let round = 0; round < rounds(5, 200); round += 1) {
        const end = await race(tenancy, leave);
        expect(end).toEqual({ answers: { 200: 1, 409: 1 }, owners: 1, ownedByAnOwner: true, counted: 1, owned: 1 });
      }
    },
    600_000,
  );

  it('is lost by a program that only looks', async () => {
    const careless = createTenancy(backend, { table: unguarded(table) });
    expect((await race(careless, goes)).owners).toBe(0);
    expect((await race(careless, stepsDown)).owners).toBe(0);
  });
});

describe('a name', () => {
  it('is given once, to whichever of 20 asks first, by making or renaming', async () => {
    for (let round = 0; round < rounds(3, 50); round += 1) {
      const owner = await tenancy.settle();
      const others = await together(5, (n) => tenancy.found(owner, `other ${n}`));
      const body = { name: 'The One' };
      const answers = await Promise.all([
        ...Array.from({ length: 15 }, () => tenancy.http('POST', '/workspaces', { token: owner.token, body })),
        ...others.map((id) => tenancy.http('PUT', `/workspaces/${id}`, { token: owner.token, body })),
      ]);
      const given = answers.filter(({ status }) => status < 300);
      expect([given.length, answers.filter(({ status }) => status === 409).length]).toEqual([1, 19]);
    }
  }, 600_000);
});

describe('a change of one version', () => {
  it('is made once of 20 at once', async () => {
    const owner = await tenancy.settle();
    const id = await tenancy.found(owner);
    const answers = await together(20, (n) =>
      tenancy.http('PUT', `/workspaces/${id}`, {
        token: owner.token,
        body: { description: `change ${n}` },
        headers: { 'if-match': '"1"' },
      }),
    );
    expect(statuses(answers)).toEqual({ 200: 1, 409: 19 });
    expect((await tenancy.http('GET', `/workspaces/${id}`, { token: owner.token })).body.data.version).toBe(2);
  });
});

describe('the limit of 100 memberships, and of 100 members', () => {
  it('holds for who is added everywhere at once, and for who is added to', async () => {
    const [popular, owner] = [await tenancy.settle(), await tenancy.settle()];
    const second = await tenancy.settle();
    const extra = await tenancy.settle();
    const ids: string[] = [];
    for (let n = 0; n < 105; n += 1) ids.push(await tenancy.found(n < 50 ? owner : n < 100 ? second : extra));
    const answers = await together(ids.length, (n) => {
      const by = n < 50 ? owner : n < 100 ? second : extra;
      return insisting(tenancy)('POST', `/workspaces/${ids[n]}/members`, {
        token: by.token,
        body: { user_id: popular.id, role: 'viewer' },
      });
    });
    expect(told(answers, 100)).toEqual({ others: {}, withinLimit: true });
    expect(Object.keys((await tenancy.principalOf(popular))['ws'] as object)).toHaveLength(100);
    const list = await tenancy.http('GET', '/workspaces', { token: popular.token });
    expect(list.body.data.pagination.total).toBe(100);
    const people = await together(102, () => tenancy.settle());
    const id = ids.at(-1) as string;
    const joined = await together(people.length, (n) =>
      insisting(tenancy)('POST', `/workspaces/${id}/members`, {
        token: extra.token,
        body: { user_id: people[n]?.id, role: 'viewer' },
      }),
    );
    const held = (await tenancy.rowsOf(id)).filter(({ sk }) => sk.startsWith('MEMBER#')).length;
    expect(held).toBe(100);
    expect(told(joined, 99)).toEqual({ others: {}, withinLimit: true });
  }, 60_000);
});
