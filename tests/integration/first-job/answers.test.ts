import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { type ErrorCode, errorStatus } from '../../../contracts/errors.ts';
import { createHttp, type HttpAnswer } from '../../support/http-client.ts';
import { makeWorkspace, type Person, register } from '../../support/people.ts';

const stack = inject('stack');
const http = createHttp(stack.base_url);

let person: Person;
let workspaceId: string;
beforeAll(async () => {
  person = await register(http, 'asker');
  workspaceId = await makeWorkspace(http, person);
});

const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  http(method, path, { token: person.token, body, headers });

/** A failure's status and code, once its envelope has been found to be whole. */
function refusalOf({ status, headers, body }: HttpAnswer): [number, ErrorCode] {
  expect(Object.keys(body).toSorted()).toEqual(['code', 'data', 'error', 'request_id', 'success', 'timestamp']);
  expect(body.success).toBe(false);
  expect(body.error).toMatch(/^\p{L}/u);
  expect(body.request_id).toMatch(/^req_[0-9a-f-]{36}$/);
  expect(headers.get('x-request-id')).toBe(body.request_id);
  expect(new Date(body.timestamp).toISOString()).toBe(body.timestamp);
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(Object.keys(errorStatus)).toContain(body.code);
  return [status, body.code];
}

const issuesOf = ({ body }: HttpAnswer) => body.data.issues as { path: string; message: string }[];
const pathsOf = (answer: HttpAnswer) => issuesOf(answer).map(({ path }) => path);

describe('an answer through the edge', () => {
  it('of success is an envelope with the limit that is left', async () => {
    const { status, headers, body } = await ask('GET', `/workspaces/${workspaceId}`);
    expect(status).toBe(200);
    expect(Object.keys(body).toSorted()).toEqual(['data', 'request_id', 'success', 'timestamp']);
    const [limit, left, reset] = ['limit', 'remaining', 'reset'].map((name) =>
      Number(headers.get(`x-ratelimit-${name}`)),
    ) as [number, number, number];
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(limit);
    expect(reset * 1_000 - Date.now()).toBeLessThanOrEqual(3_600_000);
    expect([headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual(['no-store', 'nosniff']);
  });

  it('of failure is an envelope, one for each thing that can be wrong with who asks', async () => {
    const missing = `/workspaces/${randomUUID()}`;
    expect(refusalOf(await http('GET', '/workspaces'))).toEqual([401, 'UNAUTHORIZED']);
    expect(refusalOf(await http('GET', '/workspaces', { token: 'rubbish' }))).toEqual([401, 'UNAUTHORIZED']);
    expect(refusalOf(await ask('GET', missing))).toEqual([404, 'NOT_FOUND']);
    expect(refusalOf(await ask('PUT', `/workspaces/${workspaceId}/quotas`, {}))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await ask('GET', '/workspaces', undefined, { 'x-api-key': 'sk_x' }))).toEqual([
      400,
      'VALIDATION_ERROR',
    ]);
  });

  it('is Korean for who asks in Korean, English for others', async () => {
    const missing = `/workspaces/${randomUUID()}`;
    const sentence = async (language: string) =>
      (await ask('GET', missing, undefined, { 'accept-language': language })).body.error;
    expect(await Promise.all(['ko', 'ko-KR,ko;q=0.9,en;q=0.8', 'en-US', 'fr'].map(sentence))).toEqual([
      '찾을 수 없습니다',
      '찾을 수 없습니다',
      'not found',
      'not found',
    ]);
    const answer = await ask('POST', '/workspaces', { name: 'x' }, { 'accept-language': 'ko' });
    expect([answer.headers.get('content-language'), answer.body.error]).toEqual(['ko', '요청이 올바르지 않습니다']);
    expect(issuesOf(answer)[0]?.message).toMatch(/[가-힣]/);
  });
});

describe('a change of what another has changed', () => {
  it('is CONFLICT by the version that its ETag told, and leaves the other’s change', async () => {
    const path = `/workspaces/${workspaceId}`;
    const etag = (await ask('GET', path)).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"\d+"$/);
    const change = (description: string) => ask('PUT', path, { description }, { 'if-match': etag });
    const first = await change('mine');
    const second = await change('theirs');
    expect([first.status, refusalOf(second)]).toEqual([200, [409, 'CONFLICT']]);
    const now = await ask('GET', path);
    expect([now.body.data.description, now.headers.get('etag')]).toEqual(['mine', first.headers.get('etag')]);
    expect(first.headers.get('etag')).toBe(`"${first.body.data.version}"`);
    expect(refusalOf(await ask('PUT', path, {}, { 'if-match': 'rubbish' }))).toEqual([400, 'VALIDATION_ERROR']);
  });

  it('is one of four at once', async () => {
    const path = `/workspaces/${workspaceId}`;
    const etag = (await ask('GET', path)).headers.get('etag') ?? '';
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, nth) => ask('PUT', path, { description: `${nth}` }, { 'if-match': etag })),
    );
    const won = answers.filter(({ status }) => status === 200);
    const lost = answers.filter(({ status }) => status !== 200).map(refusalOf);
    expect([won.length, new Set(lost.map(([status]) => status))]).toEqual([1, new Set([409])]);
    expect((await ask('GET', path)).body.data.description).toBe(won[0]?.body.data.description);
  });
});

describe('a request that fits no route', () => {
  it('is 404 where there is no such path, whoever asks', async () => {
    for (const path of ['/nothing', '/workspaces/', `/workspaces/${workspaceId}/nothing`, '/vms/a/b/c'])
      expect([path, refusalOf(await ask('GET', path))]).toEqual([path, [404, 'NOT_FOUND']]);
    expect(refusalOf(await http('GET', '/nothing'))).toEqual([404, 'NOT_FOUND']);
  });

  it('is 405 with Allow where the path takes other methods', async () => {
    const wanted = {
      '/workspaces': 'GET, POST',
      [`/workspaces/${workspaceId}`]: 'DELETE, GET, PUT',
      [`/vms/${randomUUID()}/stop`]: 'POST',
    };
    for (const [path, allow] of Object.entries(wanted)) {
      const answer = await ask('PATCH', path, {});
      expect([path, refusalOf(answer), answer.headers.get('allow')]).toEqual([path, [405, 'VALIDATION_ERROR'], allow]);
    }
  });
});

describe('a body that does not fit', () => {
  it('is refused with the place of each thing wrong', async () => {
    const answer = await ask('POST', '/workspaces', { name: 'ab', description: 5, colour: 'red' });
    expect(refusalOf(answer)).toEqual([400, 'VALIDATION_ERROR']);
    expect(pathsOf(answer).toSorted()).toEqual(['body.colour', 'body.description', 'body.name']);
    const long = await ask('POST', '/workspaces', { name: 'x'.repeat(101) });
    expect([refusalOf(long), pathsOf(long)]).toEqual([[400, 'VALIDATION_ERROR'], ['body.name']]);
  });

  it('is refused when it is no JSON, nothing, or sent as something else', async () => {
    for (const body of ['{"name": "cut o', '{name: 1}', '', '[]', 'null', '"text"', '\u0000'])
      expect([body, refusalOf(await ask('POST', '/workspaces', body))]).toEqual([body, [400, 'VALIDATION_ERROR']]);
    const form = await ask('POST', '/workspaces', 'name=by+form', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(refusalOf(form)).toEqual([400, 'VALIDATION_ERROR']);
  });

  it('is 413 over a megabyte, and judged by its content up to there', async () => {
    const bodyOf = (bytes: number) => {
      const frame = JSON.stringify({ name: 'fits', description: '' }).length;
      return JSON.stringify({ name: 'fits', description: 'x'.repeat(bytes - frame) });
    };
    const [fits, over] = [bodyOf(1_048_576), bodyOf(1_048_577)];
    expect([Buffer.byteLength(fits), Buffer.byteLength(over)]).toEqual([1_048_576, 1_048_577]);
    expect(refusalOf(await ask('POST', '/workspaces', fits))).toEqual([400, 'VALIDATION_ERROR']);
    expect(refusalOf(await ask('POST', '/workspaces', over))).toEqual([413, 'VALIDATION_ERROR']);
    // Counted in bytes: a third as many characters of three bytes each.
    const korean = JSON.stringify({ name: '가'.repeat(349_530) });
    expect(refusalOf(await ask('POST', '/workspaces', korean))).toEqual([413, 'VALIDATION_ERROR']);
  });
});

describe('a list asked for in a way it does not take', () => {
  it.each([
    ['an unknown sort', '/workspaces?sort=colour:asc', 'query.sort'],
    ['a sort without direction', '/workspaces?sort=name', 'query.sort'],
    ['too large a limit', '/workspaces?limit=101', 'query.limit'],
    ['a limit of none', '/workspaces?limit=0', 'query.limit'],
    ['a negative offset', '/workspaces?offset=-1', 'query.offset'],
    ['an unknown parameter', '/workspaces?colour=red', 'query.colour'],
    ['a parameter twice', '/workspaces?limit=5&limit=6', 'query.limit'],
    ['an unknown status', '/vms?status=asleep', 'query.status.0'],
    ['an id that is none', '/vms/1', 'params.id'],
  ])('is refused for %s', async (_, path, place) => {
    const answer = await ask('GET', path);
    expect([refusalOf(answer), pathsOf(answer)]).toEqual([[400, 'VALIDATION_ERROR'], [place]]);
  });

  it('is refused for a cursor that is none, was made for another list, or is another’s', async () => {
    const list = (query: string) => ask('GET', `/audit-logs?workspace_id=${workspaceId}&${query}`);
    await ask('PUT', `/workspaces/${workspaceId}`, { description: 'one row more' });
    const cursor = (await list('limit=1')).body.data.pagination.next_cursor as string;
    expect(cursor).toMatch(/^\S+$/);
    expect((await list(`limit=1&cursor=${cursor}`)).status).toBe(200);
    const other = await makeWorkspace(http, person);
    const refused = [
      await list('cursor=rubbish'),
      await list('cursor='),
      await list(`cursor=${cursor.slice(0, -4)}`),
      await list(`cursor=${cursor}&resource=vm`),
      await list(`cursor=${cursor}&offset=1`),
      await ask('GET', `/audit-logs?workspace_id=${other}&cursor=${cursor}`),
    ];
    expect(refused.map(refusalOf)).toEqual(refused.map(() => [400, 'VALIDATION_ERROR']));
  });
});
