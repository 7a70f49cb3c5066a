import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createHttp } from '../../support/http-client.ts';
import { makeWorkspace, type Person, register } from '../../support/people.ts';
import { until } from '../../support/until.ts';
import { openAccount, openTrust } from './accounts.ts';

const stack = inject('stack');
const http = createHttp(stack.base_url);
let theirs: ReturnType<typeof openAccount>;
let owner: Person;
let workspaceId: string;

beforeAll(async () => {
  theirs = openAccount(stack.client, '777788889999');
  owner = await register(http, 'keyless');
  workspaceId = await makeWorkspace(http, owner);
});
afterAll(() => theirs?.close());

const call = (method: string, path: string, body?: object) => http(method, path, { token: owner.token, body });

it('a machine runs in an account that was entered without a key, and not before its role has been verified', async () => {
  const role_arn = 'arn:aws:iam::777788889999:role/keyless';
  const stored = await call('POST', '/credentials', {
    workspace_id: workspaceId,
    provider: 'aws',
    data: { role_arn, region: 'eu-west-1' },
  });
  const { id, trust_policy } = stored.body.data;
  const vm = { name: 'keyless', provider: 'aws', instance_type: 't3.micro', region: 'eu-west-1', credential_id: id };
  const create = () => call('POST', '/vms', { workspace_id: workspaceId, ...vm });
  const verify = async () => (await call('POST', `/credentials/${id}/verify`)).body.data;
  expect((await create()).body.error).toBe('the credential is not active');
  expect(await verify()).toMatchObject({ ok: false, reason: 'ROLE_NOT_ASSUMABLE' });

  await theirs.makeRole('keyless', openTrust('111122223333'));
  expect(await verify()).toMatchObject({ ok: false, reason: 'EXTERNAL_ID_NOT_CHECKED' });
  expect((await create()).status).toBe(409);

  await theirs.trust('keyless', trust_policy);
  expect(await verify()).toMatchObject({ ok: true, account: '777788889999' });
  expect((await call('POST', `/credentials/${id}/rotate`)).status).toBe(200);
  const created = await create();
  expect(created.status).toBe(201);
  const status = async () => (await call('GET', `/vms/${created.body.data.id}`)).body.data.status;
  await until('the machine is settled', async () => (await status()) !== 'pending');
  expect(await status()).toBe('running');
  const blocked = await call('DELETE', `/credentials/${id}`);
  expect([blocked.status, blocked.body.data]).toEqual([409, { blocking: { vms: 1 } }]);
  await call('DELETE', `/vms/${created.body.data.id}`);
  await until('the machine is gone', async () => (await status()) === 'deleted');
});
