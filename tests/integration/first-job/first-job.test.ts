import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { AuditLog } from '../../../contracts/audit/routes.ts';
import { createHttp } from '../../support/http-client.ts';
import { readItems } from '../../support/table-items.ts';
import { until } from '../../support/until.ts';
import { liveThrough, type Story } from './story.ts';

const stack = inject('stack');
const http = createHttp(stack.base_url);

/** VMs that the quota counts, and uses of the credential, as the table has them. */
async function countHoldings(workspaceId: string, credentialId: string) {
  const items = await readItems(stack, `WS#${workspaceId}`);
  const quota = items.find(({ sk }) => sk === 'QUOTA');
  const credential = items.find(({ sk }) => sk === `CREDENTIAL#${credentialId}`);
  return { vms: Number(quota?.['max_vms']) - Number(quota?.['left_vms']), uses: Number(credential?.['uses']) };
}

let story: Story;
beforeAll(async () => {
  story = await liveThrough(stack, countHoldings);
});
afterAll(() => story?.end());

const get = (path: string, token = story.person.token) => http('GET', path, { token });

describe('the first job of a new user', () => {
  it('is told over the socket step by step, in order and without a gap', async () => {
    const steps = () => story.own.of('vm_status_changed').filter(({ data }) => data.vm_id === story.vmId);
    await until('the deletion is told', () => steps().some(({ data }) => data.status === 'deleted'));
    const told = steps().toSorted((a, b) => Number(a.version) - Number(b.version));
    expect(told.map(({ data }) => [data.previous, data.status])).toEqual([
      [null, 'pending'],
      ['pending', 'running'],
      ['running', 'stopping'],
      ['stopping', 'stopped'],
      ['stopped', 'starting'],
      ['starting', 'running'],
      ['running', 'deleting'],
      ['deleting', 'deleted'],
    ]);
    expect(told[0]?.version).toBe(1);
    expect(new Set(told.map(({ version }) => version)).size).toBe(8);
    const last = (await get(`/vms/${story.vmId}`)).body.data;
    expect([last.status, last.version]).toEqual(['deleted', told.at(-1)?.version]);
    const times = told.map(({ data }) => data.timestamp);
    expect(times).toEqual(times.toSorted());
  });

  it('holds the quota and the credential while there is a VM, and gives both back', async () => {
    expect(story.during).toEqual({ vms: 1, uses: 1 });
    expect(await countHoldings(story.workspaceId, story.credentialId)).toEqual({ vms: 0, uses: 0 });
  });

  it('leaves no machine of ours alive at the provider', async () => {
    const ec2 = new EC2Client({ ...stack.client, endpoint: stack.ec2_url });
    const machines = async (name: string, value: string) => {
      const { Reservations = [] } = await ec2.send(
        new DescribeInstancesCommand({ Filters: [{ Name: name, Values: [value] }] }),
      );
      return Reservations.flatMap(({ Instances = [] }) => Instances.map((one) => [one.InstanceId, one.State?.Name]));
    };
    // One machine was made, whichever way it is asked for, and it is gone.
    expect(await machines('tag:skyclust:vm-id', story.vmId)).toEqual([[story.instanceId, 'terminated']]);
    expect(await machines('instance-id', story.instanceId)).toEqual([[story.instanceId, 'terminated']]);
    ec2.destroy();
  });

  it('is on record: a row of each step, in a chain that is intact', async () => {
    const { began, person, workspaceId } = story;
    const writesIn = async (path: string, token: string) => {
      // The story looks at its VM until it moves: of reads there may be more than a page.
      const actions = ['register', 'create', 'stop', 'start', 'delete'].map((action) => `&action=${action}`).join('');
      const { body } = await get(`${path}${actions}&limit=100&sort=created_at:asc`, token);
      return body.data.audit_logs as AuditLog[];
    };
    // A page of everybody's rows ends after as many as one call may read, and others' came before.
    const theirs = () => writesIn(`/audit-logs?user_id=${person.id}&start_time=${began}`, stack.admin.token);
    await until('the index has the rows', async () => (await theirs()).length === 7);
    const rows = await theirs();
    expect(rows.map(({ action, resource, resource_id, status }) => [action, resource, resource_id, status])).toEqual([
      ['register', 'user', person.id, 201],
      ['create', 'workspace', workspaceId, 201],
      ['create', 'credential', story.credentialId, 201],
      ['create', 'vm', story.vmId, 201],
      ['stop', 'vm', story.vmId, 202],
      ['start', 'vm', story.vmId, 202],
      ['delete', 'vm', story.vmId, 202],
    ]);
    expect(rows.every(({ user_id, success }) => success && user_id === person.id)).toBe(true);
    expect(rows.slice(1).map(({ request_id }) => request_id)).toEqual(
      Object.values(story.answers).map(({ body }) => body.request_id),
    );
    const ofWorkspace = await writesIn(`/audit-logs?workspace_id=${workspaceId}`, person.token);
    expect(ofWorkspace).toEqual(rows.slice(1));
    await until('the chain holds the rows', async () => {
      const verdict = (await get(`/audit-logs/verify?workspace_id=${workspaceId}`)).body.data;
      expect([verdict.intact, verdict.breaks]).toEqual([true, []]);
      return verdict.checked.rows >= ofWorkspace.length;
    });
  });

  it('is told to the admin, write by write', async () => {
    const told = () => story.admins.of('audit_log_created').filter(({ data }) => data.user_id === story.person.id);
    const requests = Object.values(story.answers).map(({ body }) => body.request_id);
    const missing = () => requests.filter((id) => !told().some(({ data }) => data.request_id === id));
    await until('each write is told', () => missing().length === 0);
    expect(told().filter(({ data }) => data.action === 'read')).toEqual([]);
    expect(story.own.of('audit_log_created')).toEqual([]);
  });

  it('ends with nothing left: credential, workspace and account go, in this order alone', async () => {
    const remove = (path: string) => http('DELETE', path, { token: story.person.token });
    const { person, workspaceId, credentialId } = story;
    const early = await remove(`/users/${person.id}`);
    expect([early.status, early.body.code]).toEqual([409, 'CONFLICT']);
    for (const path of [`/credentials/${credentialId}`, `/workspaces/${workspaceId}`, `/users/${person.id}`])
      expect([path, (await remove(path)).status]).toEqual([path, 200]);
    expect((await get('/auth/me')).status).toBe(401);
    expect(await readItems(stack, `PRINCIPAL#${person.id}`)).toEqual([]);
    const left = await readItems(stack, `WS#${workspaceId}`);
    expect(left.map(({ sk }) => String(sk).split('#')[0])).toEqual(['DELETEDVM']);
  });
});
