import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { createTenancy, type Resident, type Tenancy } from './tenancy.ts';

let backend: Backend;
let tenancy: Tenancy;

beforeAll(async () => {
  backend = await startBackend();
  tenancy = createTenancy(backend);
}, 60_000);
afterAll(() => backend?.stop());

const data = { access_key: 'AKIAIDEMPOTENCY00000', secret_key: 'idempotency', region: 'eu-west-1' };

interface Scene {
  by: Resident;
  id: string;
  other: Resident;
}

/** What each takes a key for, another body of it, and how often its effect stands in the table. */
const writes = {
  'workspaces.create': {
    send: ({ by }: Scene, variant: number, headers: Record<string, string>) =>
      tenancy.http('POST', '/workspaces', { token: by.token, body: { name: `idempotent ${variant}` }, headers }),
    // The scene's own workspace is one.
    effects: async ({ by }: Scene) => Number((await tenancy.principalOf(by))['owned']) - 1,
  },
  'members.add': {
    send: ({ by, id, other }: Scene, variant: number, headers: Record<string, string>) =>
      tenancy.http('POST', `/workspaces/${id}/members`, {
        token: by.token,
        body: { email: other.email, role: variant === 1 ? 'viewer' : 'member' },
        headers,
      }),
    effects: async ({ id }: Scene) =>
      (await tenancy.rowsOf(id)).filter(({ sk }) => sk.startsWith('MEMBER#')).length - 1,
  },
  'credentials.create': {
    send: ({ by, id }: Scene, variant: number, headers: Record<string, string>) =>
      tenancy.http('POST', '/credentials', {
        token: by.token,
        body: { workspace_id: id, provider: 'aws', name: `key ${variant}`, data },
        headers,
      }),
    effects: async ({ id }: Scene) =>
      (await tenancy.rowsOf(id)).filter(({ sk }) => sk.startsWith('CREDENTIAL#')).length,
  },
};

async function setScene(): Promise<Scene> {
  const by = await tenancy.settle();
  return { by, id: await tenancy.found(by, 'the scene'), other: await tenancy.settle() };
}

const substance = ({ status, body, headers }: HttpAnswer) => ({
  status,
  etag: headers.get('etag'),
  ...body,
  request_id: undefined,
  timestamp: undefined,
});

describe.each(Object.entries(writes))('%s with a key', (_, { send, effects }) => {
  it('has one effect and one answer, of 20 at once and later', async () => {
    for (let round = 0; round < 3; round += 1) {
      const scene = await setScene();
      const headers = { 'idempotency-key': randomUUID() };
      const answers = await Promise.all(Array.from({ length: 20 }, () => send(scene, 1, headers)));
      const [first, ...others] = answers.map(substance);
      expect(first?.status).toBeLessThan(300);
      for (const answer of [...others, substance(await send(scene, 1, headers))]) expect(answer).toEqual(first);
      expect(await effects(scene)).toBe(1);
    }
  });

  it('and another body is CONFLICT, and does nothing', async () => {
    const scene = await setScene();
    const headers = { 'idempotency-key': randomUUID() };
    await send(scene, 1, headers);
    const refused = await send(scene, 2, headers);
    expect([refused.status, refused.body.error]).toEqual([409, 'this idempotency key was used with another request']);
    expect(await effects(scene)).toBe(1);
  });
});

describe('a repeat', () => {
  it('is authorised anew', async () => {
    const { by: owner, id, other } = await setScene();
    const admin = await tenancy.settle();
    await tenancy.join(id, admin, 'admin', owner);
    for (const { send } of [writes['members.add'], writes['credentials.create']]) {
      const headers = { 'idempotency-key': randomUUID() };
      const repeat = () => send({ by: admin, id, other }, 1, headers);
      expect((await repeat()).status).toBeLessThan(300);
      const regrade = (role: string) =>
        tenancy.http('PUT', `/workspaces/${id}/members/${admin.id}`, { token: owner.token, body: { role } });
      await regrade('member');
      expect((await repeat()).body.code).toBe('FORBIDDEN');
      await tenancy.http('DELETE', `/workspaces/${id}/members/${admin.id}`, { token: owner.token });
      expect((await repeat()).body.code).toBe('NOT_FOUND');
      await tenancy.join(id, admin, 'admin', owner);
      expect((await repeat()).status).toBeLessThan(300);
    }
  });

  it('is answered as at first where what it did has been undone, or could not be done any more', async () => {
    const scene = await setScene();
    const headers = { 'idempotency-key': randomUUID() };
    const first = await writes['members.add'].send(scene, 1, headers);
    await tenancy.http('DELETE', `/workspaces/${scene.id}/members/${scene.other.id}`, { token: scene.by.token });
    await backend.table.write({ delete: { pk: 'EMAIL', sk: scene.other.email } });
    await tenancy.http('PUT', `/workspaces/${scene.id}`, { token: scene.by.token, body: { is_active: false } });
    expect(substance(await writes['members.add'].send(scene, 1, headers))).toEqual(substance(first));
    expect(await writes['members.add'].effects(scene)).toBe(0);
  });

  it('of a refusal is tried afresh: only what succeeded is kept', async () => {
    const scene = await setScene();
    const headers = { 'idempotency-key': randomUUID() };
    const switched = (is_active: boolean) =>
      tenancy.http('PUT', `/workspaces/${scene.id}`, { token: scene.by.token, body: { is_active } });
    await switched(false);
    expect((await writes['credentials.create'].send(scene, 1, headers)).status).toBe(409);
    await switched(true);
    expect((await writes['credentials.create'].send(scene, 1, headers)).status).toBe(201);
  });
});
