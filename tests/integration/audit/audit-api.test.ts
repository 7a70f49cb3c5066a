import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { auditRoutes } from '../../../contracts/audit/routes.ts';
import { createTable, createTableClient } from '../../../functions/platform/table/index.ts';
import { createHttp, type HttpAnswer } from '../../support/http-client.ts';
import { addMember, makeWorkspace, type Person, register } from '../../support/people.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { until } from '../../support/until.ts';
import { rowItem, sampleRow } from '../../unit/audit/sample-rows.ts';

const stack = inject('stack');
const http = createHttp(stack.base_url);
const { admin } = stack;

let owner: Person;
let member: Person;
let stranger: Person;
let workspaceId: string;
/** A workspace that is known by its rows alone, and verified last. */
const large = 'ffffffff-ffff-7fff-bfff-ffffffffffff';

beforeAll(async () => {
  [owner, member, stranger] = await Promise.all([
    register(http, 'owner'),
    register(http, 'member'),
    register(http, 'stranger'),
  ]);
  workspaceId = await makeWorkspace(http, owner);
  await addMember(http, owner, workspaceId, member, 'admin');
});

const list = (person: Person, query = '') => http('GET', `/audit-logs${query}`, { token: person.token });
const verify = (person: Person, query = '') => http('GET', `/audit-logs/verify${query}`, { token: person.token });
const ours = () => `?workspace_id=${workspaceId}`;

interface Row {
  id: string;
  action: string;
  resource: string;
  request_id: string;
}
const rowsOf = ({ body }: HttpAnswer) => body.data.audit_logs as Row[];

describe('who sees audit rows', () => {
  it('is an owner, with the workspace', async () => {
    const answer = await list(owner, ours());
    expect(answer.status).toBe(200);
    expect(auditRoutes['audit.list'].answer.data?.parse(answer.body.data).audit_logs).toContainEqual(
      expect.objectContaining({
        user_id: owner.id,
        workspace_id: workspaceId,
        action: 'create',
        resource: 'member',
        success: true,
        status: 200,
      }),
    );
    expect((await verify(owner, ours())).status).toBe(200);
  });

  it('is nobody else of the workspace, and no stranger learns that it exists', async () => {
    const missing = '?workspace_id=01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a';
    for (const ask of [list, verify]) {
      expect((await ask(member, ours())).body.code).toBe('FORBIDDEN');
      const [foreign, absent] = [await ask(stranger, ours()), await ask(stranger, missing)];
      expect([foreign.status, foreign.body.code]).toEqual([404, 'NOT_FOUND']);
      expect(absent.body).toEqual({
        ...foreign.body,
        request_id: absent.body.request_id,
        timestamp: absent.body.timestamp,
      });
      expect((await ask(owner)).body.code).toBe('FORBIDDEN');
    }
  });

  it('is an admin, of every workspace at once', async () => {
    const answer = await http('GET', `/workspaces/${workspaceId}`, { token: owner.token });
    const { request_id: requestId } = answer.body;
    await until('the index has the row', async () =>
      rowsOf(await list(admin, '?resource=workspace&action=read')).some((row) => row.request_id === requestId),
    );
    expect((await list(admin, ours())).status).toBe(200);
  });
});

describe('what is on record', () => {
  it('is a read and a refusal, too, with who, what and from where', async () => {
    const read = await http('GET', `/workspaces/${workspaceId}/members`, { token: member.token });
    const refused = await http('DELETE', `/workspaces/${workspaceId}`, { token: member.token });
    expect([read.status, refused.status]).toEqual([200, 403]);
    const rows = rowsOf(await list(owner, `${ours()}&user_id=${member.id}`));
    expect(rows).toContainEqual(
      expect.objectContaining({
        request_id: read.body.request_id,
        action: 'list',
        resource: 'member',
        success: true,
        status: 200,
      }),
    );
    expect(rows).toContainEqual(
      expect.objectContaining({
        request_id: refused.body.request_id,
        action: 'delete',
        resource: 'workspace',
        success: false,
        status: 403,
      }),
    );
    const failures = rowsOf(await list(owner, `${ours()}&success=false`));
    expect(failures.map((row) => row.request_id)).toContain(refused.body.request_id);
    expect(failures.map((row) => row.request_id)).not.toContain(read.body.request_id);
  });

  it('is listed in pages by cursor, newest first, each row once', async () => {
    for (let nth = 0; nth < 7; nth += 1) await http('GET', `/workspaces/${workspaceId}/quotas`, { token: owner.token });
    const found: Row[] = [];
    let cursor = '';
    do {
      const page = await list(owner, `${ours()}&resource=quota&limit=3${cursor && `&cursor=${cursor}`}`);
      expect([page.status, page.body.data.pagination.total]).toEqual([200, 7]);
      found.push(...rowsOf(page));
      cursor = page.body.data.pagination.next_cursor;
    } while (cursor);
    expect(new Set(found.map(({ id }) => id)).size).toBe(7);
    expect(found.map(({ id }) => id)).toEqual(
      found
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    );
  });

  it('is refused to a cursor of another list, and to a cursor with an offset', async () => {
    const { body } = await list(owner, `${ours()}&limit=1`);
    const cursor = body.data.pagination.next_cursor;
    for (const query of [
      `${ours()}&cursor=${cursor}&action=read`,
      `${ours()}&cursor=${cursor}&offset=1`,
      `${ours()}&cursor=zzzz`,
    ]) {
      const { status, body: refusal } = await list(owner, query);
      expect([status, refusal.code]).toEqual([400, 'VALIDATION_ERROR']);
    }
  });

  it('is changed or deleted by no route', async () => {
    for (const method of ['PUT', 'DELETE', 'POST']) {
      const { status, headers } = await http(method, '/audit-logs', { token: admin.token });
      expect([status, headers.get('allow')]).toEqual([405, 'GET']);
    }
  });
});

describe('an export', () => {
  const ask = (person: Person, query: string) => http('GET', `/audit-logs/export${query}`, { token: person.token });

  it('is a file that its link opens, with the rows of the list, and a row itself', async () => {
    const before = rowsOf(await list(owner, `${ours()}&limit=100&sort=created_at:asc`));
    const answer = await ask(owner, `${ours()}&format=ndjson`);
    const { data } = answer.body;
    expect(auditRoutes['audit.export'].answer.data?.parse(data).status).toBe('ready');
    const minutes = (Date.parse(data.expires_at) - Date.now()) / 60_000;
    expect(minutes > 13 && minutes <= 15).toBe(true);
    const lines = (await (await fetch(data.url)).text()).split('\n').filter((one) => one !== '');
    expect(lines).toHaveLength(data.rows);
    expect(lines.map((one) => JSON.parse(one)).slice(0, before.length)).toEqual(before);
    const exported = rowsOf(await list(owner, `${ours()}&action=export`));
    expect(exported.map((row) => row.request_id)).toContain(answer.body.request_id);
  });

  it('is CSV unless asked otherwise, and gets another link when it is asked for again', async () => {
    const { data } = (await ask(owner, ours())).body;
    const again = await http('GET', `/audit-logs/exports/${data.id}${ours()}`, { token: owner.token });
    expect(again.body.data).toMatchObject({ id: data.id, status: 'ready', format: 'csv', rows: data.rows });
    const file = await fetch(again.body.data.url);
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="audit-logs-.*\.csv"$/);
    expect((await file.text()).startsWith('id,user_id,action,')).toBe(true);
    const unsigned = new URL(again.body.data.url);
    unsigned.searchParams.set('X-Amz-Signature', '0'.repeat(64));
    expect((await fetch(unsigned)).status).toBe(403);
  });

  it("is another workspace's to nobody, and everybody's to admins", async () => {
    const { data } = (await ask(owner, ours())).body;
    const other = await makeWorkspace(http, stranger);
    const foreign = await http('GET', `/audit-logs/exports/${data.id}?workspace_id=${other}`, {
      token: stranger.token,
    });
    expect([foreign.status, foreign.body.code]).toEqual([404, 'NOT_FOUND']);
    expect((await ask(member, ours())).body.code).toBe('FORBIDDEN');
    expect((await ask(stranger, ours())).body.code).toBe('NOT_FOUND');
    expect((await ask(owner, '')).body.code).toBe('FORBIDDEN');
    expect((await ask(admin, '?resource=workspace')).body.data.status).toBe('ready');
  });

  it('that is too large for its call is made behind it', async () => {
    const table = createTable({ client: createTableClient(stack.client), tableName: String(stack.outputs.TableName) });
    const random = seededRandom(11);
    const rows = Array.from({ length: 2_400 }, (_, nth) =>
      sampleRow({ at: Date.now() - 3_600_000 + nth * 10, random, fields: { workspace_id: large } }),
    );
    for (let at = 0; at < rows.length; at += 100)
      await table.transact(rows.slice(at, at + 100).map((row) => ({ put: rowItem(row) })));
    const query = `?workspace_id=${large}&action=${rows[0]?.action}&start_time=${new Date(Date.now() - 7_200_000).toISOString()}`;
    const asked = await ask(admin, query);
    expect(asked.body.data).toMatchObject({ status: 'pending', url: null });
    let made = asked.body.data;
    await until('the export is ready', async () => {
      const path = `/audit-logs/exports/${asked.body.data.id}?workspace_id=${large}`;
      made = (await http('GET', path, { token: admin.token })).body.data;
      return made.status === 'ready';
    });
    expect(made.rows).toBe(2_400);
    expect((await (await fetch(made.url)).text()).split('\r\n')).toHaveLength(2_402);
  });
});

describe('the archive', () => {
  it('holds closed days after a tick, and a verification says so', async () => {
    const table = createTable({ client: createTableClient(stack.client), tableName: String(stack.outputs.TableName) });
    // Of a workspace that is known by its row alone, before anybody called this stage.
    const row = sampleRow({
      at: Date.now() - 3 * 86_400_000,
      fields: { workspace_id: 'ffffffff-ffff-7fff-bfff-fffffffffffe' },
    });
    await table.write({ put: rowItem(row) });
    await until('the row is chained', async () =>
      rowsOf(await list(admin, '?limit=1&sort=created_at:asc')).some(({ id }) => id === row.id),
    );
    const lambda = new LambdaClient(stack.client);
    const tick = async () => {
      const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName: 'skyclust-local-audit-archive' }));
      expect(FunctionError).toBeUndefined();
    };
    await tick();
    await tick();
    lambda.destroy();
    const { data } = (await verify(owner, ours())).body;
    expect(data).toMatchObject({ intact: true, rows_from: null });
    expect(data.archived_until > row.created_at).toBe(true);
    expect(data.archived_until <= new Date().toISOString()).toBe(true);
  });
});

describe('the chain', () => {
  it('has every row of a workspace within seconds, and is whole', async () => {
    const { total } = (await list(owner, `${ours()}&limit=1`)).body.data.pagination;
    await until('the rows are chained', async () => {
      const { body } = await verify(owner, ours());
      expect(body.data).toMatchObject({ intact: true });
      return body.data.next_cursor === null && body.data.checked.rows >= total;
    });
    const { body } = await verify(admin);
    expect(body.data).toMatchObject({ intact: true, breaks: [] });
    expect(body.data.chained_until).toMatch(/Z$/);
  });

  it('is anchored by the tick, and a verification says until when', async () => {
    const lambda = new LambdaClient(stack.client);
    const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName: 'skyclust-local-audit-anchor' }));
    lambda.destroy();
    expect(FunctionError).toBeUndefined();
    const { data } = (await verify(owner, ours())).body;
    expect(data).toMatchObject({ intact: true });
    expect(data.anchored_until).toMatch(/Z$/);
    expect(data.anchored_until <= data.chained_until).toBe(true);
    expect((await verify(admin)).body.data.anchored_until).toMatch(/Z$/);
  });
});
