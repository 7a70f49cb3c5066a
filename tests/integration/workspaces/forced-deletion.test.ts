import { expect, inject, it } from 'vitest';
import { createHttp } from '../../support/http-client.ts';
import { makeWorkspace, register } from '../../support/people.ts';
import { readItems } from '../../support/table-items.ts';
import { until } from '../../support/until.ts';
import { credentialData, vmBody } from '../compute/compute-api.ts';

const stack = inject('stack');
const http = createHttp(stack.base_url);

it('deletes a workspace with a VM that is being made, by force, and its machine with it', async () => {
  const { token } = await register(http, 'forcing');
  const id = await makeWorkspace(http, { token });
  const stored = await http('POST', '/credentials', {
    token,
    body: { workspace_id: id, provider: 'aws', data: credentialData },
  });
  expect(stored.status).toBe(201);
  const made = await http('POST', '/vms', { token, body: { ...vmBody, workspace_id: id } });
  expect(made.status).toBe(201);
  expect((await http('DELETE', `/workspaces/${id}`, { token })).body.data).toEqual({ blocking: { vms: 1 } });
  expect((await http('DELETE', `/workspaces/${id}?force=true`, { token })).status).toBe(202);
  await until(
    'the workspace is gone',
    async () => (await http('GET', `/workspaces/${id}`, { token })).status === 404,
    90_000,
  );
  const rows = await readItems(stack, `WS#${id}`);
  expect(rows.map(({ sk }) => String(sk).split('#')[0])).toEqual(['DELETEDVM']);
  const events = await readItems(stack, `VM#${made.body.data.id}`);
  expect(events.at(-1)).toMatchObject({ step: 'record-deleted', outcome: 'succeeded' });
});
