import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rejectionReasons } from '../../../contracts/credentials/routes.ts';
import { unavailable } from '../../../contracts/errors.ts';
import { useCredential } from '../../../functions/credentials/index.ts';
import { openCredential } from '../../../functions/credentials/open.ts';
import type { Verdict } from '../../../functions/credentials/ports.ts';
import { createKmsClient } from '../../../functions/platform/crypto/kms-client.ts';
import type { Item } from '../../../functions/platform/table/types.ts';
import { spentOf } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { patient } from '../../support/patient.ts';
import { awsKeyPair, awsRoleData, dataSamples, libvirtNode } from '../../unit/credentials/sample-data.ts';
import { withoutConditions } from '../identity/unguarded-table.ts';
import { racingTable } from '../workspaces/racing.ts';
import { createTenancy, type Resident, type Tenancy } from '../workspaces/tenancy.ts';

let backend: Backend;
let tenancy: Tenancy;
let owner: Resident;
let id: string;
/** What the cloud will say, and what it was asked with. */
let say: () => Promise<Verdict>;
let asked: unknown[];

beforeAll(async () => {
  backend = await startBackend();
  tenancy = createTenancy(backend, {
    verifiers: {
      aws: async (secret) => {
        asked.push(secret);
        return say();
      },
    },
  });
}, 60_000);
afterAll(() => backend?.stop());

beforeEach(async () => {
  owner = await tenancy.settle();
  id = await tenancy.found(owner);
  asked = [];
  say = async () => ({ ok: true, account: '444455556666' });
});

const call = (method: string, path: string, body?: object, headers = {}) =>
  tenancy.http(method, `/credentials${path}`, { token: owner.token, body, headers });
const create = async (data: object = awsRoleData, provider = 'aws') =>
  (await call('POST', '', { workspace_id: id, provider, data })).body.data;
const item = async (credentialId: string) =>
  (await tenancy.rowsOf(id)).find(({ sk }) => sk === `CREDENTIAL#${credentialId}`);
const open = (credentialId: string) =>
  openCredential({
    table: backend.table,
    kms: createKmsClient({ ...backend.client, requestHandler: patient }),
    keyId: backend.credentialsKeyId,
    now: () => 0,
  })(id, credentialId);
const partOf = (from: Item | undefined, part: string) =>
  (from?.['sealed'] as Record<string, Uint8Array> | undefined)?.[part] ?? [];
const used = (credentialId: string) => ({ workspaceId: id, credentialId, provider: 'aws' }) as const;

describe('a keyless credential', () => {
  it('is answered with an external id of its own and the policy to paste, and is not active', async () => {
    const [one, other] = [await create(), await create()];
    expect(one).toMatchObject({ role_arn: awsRoleData.role_arn, verified_at: null, is_active: false });
    expect(one.external_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(other.external_id).not.toBe(one.external_id);
    expect(one.trust_policy.Statement[0].Condition.StringEquals).toEqual({ 'sts:ExternalId': one.external_id });
    expect((await call('GET', `/${one.id}`)).body.data).toEqual(one);
    const own = await call('POST', '', {
      workspace_id: id,
      provider: 'aws',
      data: { ...awsRoleData, external_id: 'of the user' },
    });
    expect(own.body.data.issues[0].path).toBe('body.data.external_id');
  });

  it('serves for nothing, opens for nobody and can not be made active before it is verified', async () => {
    const { id: credentialId } = await create();
    await expect(tenancy.table.transact([useCredential(used(credentialId), 1)])).rejects.toMatchObject({
      messageKey: 'credential.inactive',
    });
    await expect(open(credentialId)).rejects.toMatchObject({ name: 'CredentialNotVerified' });
    const forced = await call('PUT', `/${credentialId}`, { is_active: true });
    expect([forced.status, forced.body.data]).toEqual([409, { reason: 'NOT_VERIFIED' }]);
  });

  it('is active once its cloud lets us in', async () => {
    const { id: credentialId, external_id } = await create();
    const verified = await call('POST', `/${credentialId}/verify`);
    expect([verified.status, verified.headers.get('etag'), verified.body.message]).toEqual([
      200,
      '"2"',
      'the cloud accepts the credential',
    ]);
    expect(verified.body.data).toEqual({ ok: true, account: '444455556666', checked_at: expect.any(String) });
    expect(asked).toEqual([{ ...awsRoleData, external_id }]);
    expect((await call('GET', `/${credentialId}`)).body.data).toMatchObject({
      is_active: true,
      verified_at: verified.body.data.checked_at,
    });
    await tenancy.table.transact([useCredential(used(credentialId), 1)]);
    expect(await open(credentialId)).toEqual({ ...awsRoleData, external_id });
  });

  it('keeps its external id for another role, which has to be verified first, though machines use it', async () => {
    const { id: credentialId, external_id } = await create();
    await call('POST', `/${credentialId}/verify`);
    await tenancy.table.transact([useCredential(used(credentialId), 1)]);
    const role_arn = 'arn:aws:iam::444455556666:role/of-somebody-else';
    const moved = await call('PUT', `/${credentialId}`, { data: { ...awsRoleData, role_arn } });
    expect(moved.body.data).toMatchObject({ role_arn, external_id, is_active: false, verified_at: null });
    await expect(open(credentialId)).rejects.toMatchObject({ name: 'CredentialNotVerified' });
    const keyed = await call('PUT', `/${credentialId}`, { data: awsKeyPair });
    expect([keyed.body.data.is_active, 'external_id' in keyed.body.data]).toEqual([true, false]);
    expect(await open(credentialId)).toEqual(awsKeyPair);
  });

  it('takes no role of another account while machines use it: they could not be found there', async () => {
    const { id: credentialId } = await create();
    await call('POST', `/${credentialId}/verify`);
    const elsewhere = { ...awsRoleData, role_arn: 'arn:aws:iam::777788889999:role/skyclust' };
    await tenancy.table.transact([useCredential(used(credentialId), 2)]);
    const before = await item(credentialId);
    const refused = await call('PUT', `/${credentialId}`, { data: elsewhere });
    expect([refused.status, refused.body.data]).toEqual([409, { blocking: { vms: 2 } }]);
    expect(await item(credentialId)).toEqual(before);
    await tenancy.table.transact([useCredential(used(credentialId), -2)]);
    const moved = await call('PUT', `/${credentialId}`, { data: elsewhere });
    expect([moved.status, moved.body.data.is_active]).toEqual([200, false]);
  });

  it('of a role that changes while it is verified is not made active by that', async () => {
    const { id: credentialId } = await create();
    say = async () => {
      const role_arn = 'arn:aws:iam::444455556666:role/of-somebody-else';
      await call('PUT', `/${credentialId}`, { data: { ...awsRoleData, role_arn } });
      return { ok: true, account: '444455556666' };
    };
    expect((await call('POST', `/${credentialId}/verify`)).body.code).toBe('CONFLICT');
    expect((await call('GET', `/${credentialId}`)).body.data).toMatchObject({ is_active: false, verified_at: null });
  });
});

describe('verify', () => {
  it('changes nothing where the cloud turns it down, and says why in a word and a sentence', async () => {
    const { id: credentialId } = await create();
    const before = await item(credentialId);
    for (const reason of rejectionReasons) {
      say = async () => ({ ok: false, reason });
      const rejected = await call('POST', `/${credentialId}/verify`);
      expect([rejected.status, rejected.body.data]).toEqual([
        200,
        { ok: false, account: null, checked_at: expect.any(String), reason },
      ]);
      expect(rejected.body.message).toEqual(expect.any(String));
    }
    expect(await item(credentialId)).toEqual(before);
  });

  it('changes nothing where the cloud does not answer: SERVICE_UNAVAILABLE', async () => {
    const { id: credentialId } = await create();
    const before = await item(credentialId);
    say = () => Promise.reject(unavailable(5));
    const down = await call('POST', `/${credentialId}/verify`);
    expect([down.status, down.body.code, down.headers.get('retry-after')]).toEqual([503, 'SERVICE_UNAVAILABLE', '5']);
    expect(await item(credentialId)).toEqual(before);
  });

  it('of a key, or again, asks once and writes nothing but its row', async () => {
    const { id: credentialId } = await create(awsKeyPair);
    const before = await item(credentialId);
    const verified = await call('POST', `/${credentialId}/verify`);
    expect([verified.body.data.ok, spentOf(verified).kms, verified.headers.get('etag')]).toEqual([true, 1, '"1"']);
    expect(asked).toEqual([awsKeyPair]);
    expect(await item(credentialId)).toEqual(before);
  });

  it('of a cloud that can not be asked yet says so, before the secret is opened', async () => {
    const { id: credentialId } = await create(libvirtNode, 'libvirt');
    const refused = await call('POST', `/${credentialId}/verify`);
    expect([refused.status, refused.body.data, spentOf(refused).kms]).toEqual([
      409,
      { reason: 'PROVIDER_NOT_AVAILABLE', provider: 'libvirt' },
      0,
    ]);
  });

  it('holds the version that is asked for', async () => {
    const { id: credentialId } = await create();
    for (const action of ['verify', 'rotate']) {
      const stale = await call('POST', `/${credentialId}/${action}`, undefined, { 'if-match': '"9"' });
      expect([stale.status, stale.body.data]).toEqual([409, { version: 1 }]);
    }
    expect(asked).toEqual([]);
  });
});

describe('rotate', () => {
  it.each(dataSamples)(
    'encrypts the same secret of %s under another key, with two calls of KMS',
    async (provider, data) => {
      const { id: credentialId, ...created } = await create(data, provider);
      await call('POST', `/${credentialId}/verify`);
      const [before, secret] = [await item(credentialId), await open(credentialId)];
      const rotated = await call('POST', `/${credentialId}/rotate`);
      const after = await item(credentialId);
      expect([rotated.status, spentOf(rotated).kms]).toEqual([200, 2]);
      expect(rotated.body.data).toMatchObject({ name: created.name, version: Number(before?.['version']) + 1 });
      expect(after?.['secret_version']).toBe(2);
      for (const part of ['key', 'iv', 'tag', 'data']) {
        const [old, fresh] = [before, after].map((each) => Buffer.from(partOf(each, part)));
        expect(fresh?.equals(old ?? Buffer.alloc(0))).toBe(false);
      }
      expect(await open(credentialId)).toEqual(secret);
    },
  );

  it('of what does not decrypt is CONFLICT, and changes nothing', async () => {
    const { id: credentialId } = await create(awsKeyPair);
    const whole = await item(credentialId);
    const sealed = { ...(whole?.['sealed'] as object), tag: new Uint8Array(16) };
    await backend.table.write({ put: { ...whole, pk: `WS#${id}`, sk: `CREDENTIAL#${credentialId}`, sealed } });
    const before = await item(credentialId);
    for (const action of ['rotate', 'verify']) {
      const refused = await call('POST', `/${credentialId}/${action}`);
      expect([refused.status, refused.body.data]).toEqual([409, { reason: 'SECRET_UNREADABLE' }]);
    }
    expect(await item(credentialId)).toEqual(before);
  });

  it('races updates and openings: each writes whole or not at all, and whoever opens finds a secret that was stored', async () => {
    const { id: credentialId } = await create(awsKeyPair);
    const secrets = [awsKeyPair, { ...awsKeyPair, region: 'eu-west-2' }, { ...awsKeyPair, region: 'eu-west-3' }];
    const opened: unknown[] = [];
    let going = true;
    const keepOpening = async () => {
      while (going) opened.push(await open(credentialId));
    };
    const statuses: number[] = [];
    const wave = () =>
      Promise.all(
        Array.from({ length: 10 }, async (_, n) => {
          const [rotate, update] = [
            () => call('POST', `/${credentialId}/rotate`),
            () => call('PUT', `/${credentialId}`, { data: secrets[n % 3] }),
          ];
          statuses.push((await (n % 2 === 0 ? rotate : update)()).status);
        }),
      );
    // Of each wave one is first.
    const waves = async () => {
      for (let nth = 0; nth < 3; nth += 1) await wave();
    };
    await Promise.all([keepOpening(), waves().finally(() => (going = false))]);
    const done = statuses.filter((status) => status === 200).length;
    expect([...new Set(statuses)].toSorted()).toEqual([200, 409]);
    expect(done).toBeGreaterThanOrEqual(3);
    expect(await item(credentialId)).toMatchObject({ version: 1 + done, secret_version: 1 + done });
    for (const secret of [...opened, await open(credentialId)]) expect(secrets).toContainEqual(secret);
    expect(opened.length).toBeGreaterThan(0);
  });

  it('without the guard of its version loses what another wrote (control)', async () => {
    const { id: credentialId } = await create(awsKeyPair);
    const table = withoutConditions(racingTable(backend), ({ sk }) => sk.startsWith('CREDENTIAL#'));
    const careless = createTenancy(backend, { table });
    const statuses = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const answer = await careless.http('POST', `/credentials/${credentialId}/rotate`, { token: owner.token });
        return answer.status;
      }),
    );
    const done = statuses.filter((status) => status === 200).length;
    expect(table.lifted).toBe(30);
    expect(Number((await item(credentialId))?.['version'])).toBeLessThan(1 + done);
  });
});
