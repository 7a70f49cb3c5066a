import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { maxTags } from '../../../contracts/compute/vm.ts';
import type { InstanceTypeView } from '../../../contracts/providers/catalog.ts';
import { catalogCaches, kept, typesKey } from '../../../functions/compute/catalog/caches.ts';
import type { Holdings } from '../../../functions/compute/ports.ts';
import { holdings } from '../../../functions/compute/store/holdings.ts';
import { type Http, type HttpAnswer, spentOf } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { createComputeHttp, vmBody } from './compute-api.ts';
import { makeVmWorld, type VmWorld } from './vm-world.ts';

let backend: Backend;
let world: VmWorld;
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(() => backend?.stop());
beforeEach(async () => {
  world = await makeVmWorld(backend);
});

const issuesOf = ({ body }: HttpAnswer) => body.data.issues.map(({ path }: { path: string }) => path);
const vmItems = async () => (await world.tenancy.rowsOf(world.workspaceId)).filter(({ sk }) => sk.startsWith('VM#'));
const uses = async () =>
  (await world.tenancy.rowsOf(world.workspaceId)).find(({ sk }) => sk.startsWith('CREDENTIAL#'))?.['uses'];
const counts = async () => {
  const quota = await world.quota();
  return [(await vmItems()).length, quota?.['left_vms'], quota?.['left_vcpus'], await uses()];
};

describe('several VMs of one request', () => {
  it('are numbered from 1, answered as a list, and all counted', async () => {
    const { status, body } = await world.create({ name: 'node', count: 3 });
    expect([status, body.data.vms.map(({ name }: { name: string }) => name)]).toEqual([
      201,
      ['node-1', 'node-2', 'node-3'],
    ]);
    expect(await counts()).toEqual([3, 17, 58, 3]);
    expect(new Set((await vmItems()).map((item) => item['request_id']))).toEqual(new Set([body.request_id]));
    const one = await world.create({ name: 'alone', count: 1 });
    expect([one.body.data.name, one.body.data.vms]).toEqual(['alone', undefined]);
  });

  it('are all made or none, by either quota', async () => {
    await world.setQuotas({ max_vms: 2 });
    const many = await world.create({ count: 3 });
    expect([many.status, many.body.data]).toMatchObject([409, { reason: 'QUOTA_EXCEEDED', max: 2 }]);
    await world.setQuotas({ max_vms: 20, max_vcpus: 5 });
    const large = await world.create({ count: 3 });
    expect([large.status, large.body.data]).toMatchObject([409, { reason: 'QUOTA_EXCEEDED', max: 5 }]);
    expect(await counts()).toEqual([0, 20, 5, 0]);
    expect((await world.create({ count: 2 })).status).toBe(201);
    expect(await counts()).toEqual([2, 18, 1, 2]);
  });

  it('asked for again under their key are answered again, and made once of many at once', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(Array.from({ length: 5 }, () => world.create({ count: 4 }, headers)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    for (const { body } of answers) expect(body.data).toEqual(answers[0]?.body.data);
    expect(await counts()).toEqual([4, 16, 56, 4]);
    expect((await world.create({ count: 3 }, headers)).body.code).toBe('CONFLICT');
  });

  it('are 1 to 20, with room for the number in the name', async () => {
    for (const count of [0, 21, -1, 1.5, '3']) expect(issuesOf(await world.create({ count }))).toEqual(['body.count']);
    expect(issuesOf(await world.create({ name: 'n'.repeat(98), count: 20 }))).toEqual(['body.name']);
    expect((await world.create({ name: 'n'.repeat(97), count: 20 })).status).toBe(201);
  });

  it('of the most, with all that each can have, fit one transaction, and are answered again', async () => {
    const wide = (length: number) =>
      Array.from({ length }, () => String.fromCodePoint(randomInt(0xac00, 0xd7a4))).join('');
    const tags = Object.fromEntries(Array.from({ length: maxTags }, () => [wide(128), wide(256)]));
    const whole = { count: 20, user_data: 'é'.repeat(8_192), expires_at: '2999-01-01T00:00:00Z', tags };
    const headers = { 'idempotency-key': randomUUID() };
    const answer = await world.create(whole, headers);
    expect([answer.status, answer.body.data.vms.length]).toEqual([201, 20]);
    expect((await world.create(whole, headers)).body.data).toEqual(answer.body.data);
    const { trips, kms } = spentOf(answer);
    expect([trips, kms, await counts()]).toEqual([2, 20, [20, 0, 24, 20]]);
  });
});

describe('a type of which nobody knows how many vCPUs it has', () => {
  it('is refused, unless the catalog has read of it', async () => {
    const unheard = { instance_type: 't99.micro' };
    expect(issuesOf(await world.create(unheard))).toEqual(['body.instance_type']);
    const region = `eu-test-${randomUUID().slice(0, 4)}`;
    const { types } = catalogCaches({ table: world.tenancy.table, now: () => new Date() });
    const asRead = { name: 't99.micro', vcpus: 6, memory_mb: 1_024 } as InstanceTypeView;
    await types.set(typesKey('aws', region), [asRead], kept);
    expect((await world.create({ ...unheard, region })).status).toBe(201);
    expect((await world.quota())?.['left_vcpus']).toBe(58);
  });
});

describe('a race for vCPUs', () => {
  /** 30 creations of 2 vCPUs each where there is room for 5. */
  async function race(by: Http): Promise<number> {
    await world.setQuotas({ max_vcpus: 10, max_vms: 100 });
    const { credentialId: credential_id, workspaceId: workspace_id, owner } = world;
    const body = { workspace_id, credential_id, ...vmBody };
    await Promise.all(Array.from({ length: 30 }, () => by('POST', '/vms', { token: owner.token, body })));
    return (await vmItems()).reduce((sum, item) => sum + Number(item['vcpus']), 0);
  }

  it('gives out as many as there are', async () => {
    expect([await race(world.http), await counts()]).toEqual([10, [5, 95, 0, 5]]);
  });

  it('without the guard gives out more (control)', async () => {
    let lifted = 0;
    const careless: Holdings = {
      ...holdings,
      countVms(workspaceId, moves) {
        const { condition: _, otherwise: __, ...bare } = holdings.countVms(workspaceId, moves);
        lifted += 1;
        if (!('update' in bare)) throw new TypeError('the quota is not moved by an update');
        return bare;
      },
    };
    expect(await race(createComputeHttp(world.tenancy, { holdings: careless }))).toBeGreaterThan(10);
    expect(lifted).toBe(30);
  });
});
