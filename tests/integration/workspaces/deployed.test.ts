import { expect, inject, it } from 'vitest';
import { createHttp, spentOf } from '../../support/http-client.ts';
import { addMember, makeWorkspace, register } from '../../support/people.ts';
import { readItems } from '../../support/table-items.ts';
import { until } from '../../support/until.ts';

const stack = inject('stack');
const http = createHttp(stack.base_url);

it('shows a new name in the lists of members within seconds, for three trips', async () => {
  const [owner, minji] = [await register(http, 'owner'), await register(http, 'minji')];
  const workspaceIds = [await makeWorkspace(http, owner), await makeWorkspace(http, owner)];
  for (const workspaceId of workspaceIds) await addMember(http, owner, workspaceId, minji, 'viewer');
  const list = (workspaceId: string) => http('GET', `/workspaces/${workspaceId}/members`, { token: owner.token });
  const settled = async (workspaceId: string, name: string) => {
    const answer = await list(workspaceId);
    const names = answer.body.data.members.map((member: { name: string }) => member.name);
    return spentOf(answer).trips === 3 && names.includes(name) && names.includes('owner');
  };
  for (const workspaceId of workspaceIds) await until('the rows are complete', () => settled(workspaceId, 'minji'));

  const renamed = await http('PUT', `/users/${minji.id}`, { token: minji.token, body: { name: 'Kim Minji' } });
  expect(renamed.status).toBe(200);
  for (const workspaceId of workspaceIds) {
    await until('the new name is listed', () => settled(workspaceId, 'Kim Minji'));
    const rows = await readItems(stack, `WS#${workspaceId}`);
    expect(rows.find(({ sk }) => sk === `MEMBER#${minji.id}`)).toMatchObject({ profile_version: 2, role: 'viewer' });
  }
});
