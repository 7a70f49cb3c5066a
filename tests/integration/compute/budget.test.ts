import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toEventItem } from '../../../functions/compute/store/vm-event.ts';
import { spentOf } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { createTenancy } from '../workspaces/tenancy.ts';
import { createComputeHttp, storeCredential, vmBody } from './compute-api.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(() => backend?.stop());

/** Trips, WCU, RCU, calls of KMS: each includes the counting of the call (1 trip, 1 WCU) and its audit row. */
it('keeps each operation to its budget', async () => {
  const tenancy = createTenancy(backend);
  const http = createComputeHttp(tenancy, { backend });
  const owner = await tenancy.settle();
  const id = await tenancy.found(owner);
  const credential_id = await storeCredential(tenancy, owner, id);
  const once = () => ({ 'idempotency-key': randomUUID() });
  const call = async (method: string, path: string, body?: object, headers = {}) => {
    const answer = await http(method, path, { token: owner.token, body, headers });
    const { trips, wcu, rcu, kms } = spentOf(answer);
    return { answer, spent: `${trips} trips, ${wcu} WCU, ${rcu} RCU, ${kms} KMS` };
  };
  const body = { workspace_id: id, ...vmBody };
  const created = await call('POST', '/vms', { ...body, credential_id }, once());
  const chosen = await call('POST', '/vms', body, once());
  const { id: vmId } = created.answer.body.data;
  const spent: Record<string, string> = {
    create: created.spent,
    'create, credential left out': chosen.spent,
    'create, without an idempotency key': (await call('POST', '/vms', { ...body, credential_id })).spent,
    get: (await call('GET', `/vms/${vmId}`)).spent,
    list: (await call('GET', `/vms?workspace_id=${id}`)).spent,
  };
  const more = async (given: object) =>
    (await call('POST', '/vms', { ...body, credential_id, ...given }, once())).spent;
  spent['create with an expiry'] = await more({ expires_at: '2999-01-01T00:00:00Z' });
  spent['create with 4 KB of user data'] = await more({ user_data: 'a'.repeat(4_096) });
  spent['create 2'] = await more({ count: 2 });
  spent['create 12'] = await more({ count: 12 });
  spent['rename'] = (await call('PUT', `/vms/${vmId}`, { name: 'other' })).spent;
  spent['set an expiry'] = (await call('PUT', `/vms/${vmId}`, { expires_at: '2999-01-01T00:00:00Z' })).spent;
  spent['history, of nothing'] = (await call('GET', `/vms/${vmId}/events`)).spent;
  const step = { action: 'create', step: 'launch', request_id: null, outcome: 'succeeded', took_ms: 1 } as const;
  const event = { id: randomUUID(), at: new Date().toISOString(), reason: null, ...step };
  await tenancy.table.write({ put: toEventItem({ id: vmId, workspace_id: id }, event) });
  spent['history'] = (await call('GET', `/vms/${vmId}/events`)).spent;
  const item = (await tenancy.rowsOf(id)).find(({ sk }) => sk === `VM#${vmId}`);
  if (item === undefined) throw new Error('there is no such VM');
  await tenancy.table.write({ put: { ...item, status: 'stopped', instance_id: 'i-1' } });
  spent['resize'] = (await call('PUT', `/vms/${vmId}`, { instance_type: 't3.2xlarge' })).spent;
  spent['start'] = (await call('POST', `/vms/${vmId}/start`)).spent;
  spent['start, refused'] = (await call('POST', `/vms/${vmId}/start`)).spent;
  await tenancy.table.write({ put: { ...item, status: 'error' } });
  spent['delete'] = (await call('DELETE', `/vms/${vmId}`)).spent;
  expect(spent).toEqual({
    create: '2 trips, 13 WCU, 0 RCU, 0 KMS',
    'create, credential left out': '3 trips, 13 WCU, 1 RCU, 0 KMS',
    'create, without an idempotency key': '2 trips, 11 WCU, 0 RCU, 0 KMS',
    'create with an expiry': '2 trips, 15 WCU, 0 RCU, 0 KMS',
    'create with 4 KB of user data': '2 trips, 23 WCU, 0 RCU, 1 KMS',
    'create 2': '2 trips, 17 WCU, 0 RCU, 0 KMS',
    'create 12': '2 trips, 47 WCU, 0 RCU, 0 KMS',
    rename: '3 trips, 5 WCU, 2 RCU, 0 KMS',
    'set an expiry': '3 trips, 7 WCU, 2 RCU, 0 KMS',
    resize: '3 trips, 7 WCU, 2 RCU, 0 KMS',
    'history, of nothing': '4 trips, 2 WCU, 2.5 RCU, 0 KMS',
    history: '3 trips, 2 WCU, 0.5 RCU, 0 KMS',
    get: '3 trips, 2 WCU, 3 RCU, 0 KMS',
    list: '3 trips, 2 WCU, 1 RCU, 0 KMS',
    start: '3 trips, 5 WCU, 2 RCU, 0 KMS',
    'start, refused': '4 trips, 6 WCU, 2 RCU, 0 KMS',
    delete: '3 trips, 5 WCU, 2 RCU, 0 KMS',
  });
});
