import { describe, expect, inject, it } from 'vitest';
import {
  type Configuration,
  cacheHealth,
  configuration,
  databaseHealth,
  health,
  statistics,
  systemRoutes,
} from '../../../contracts/system/routes.ts';
import { createApi } from '../../../functions/platform/api/create-api.ts';
import { createTable, createTableClient } from '../../../functions/platform/table/index.ts';
import { createProcessMeter } from '../../../functions/system/store/process-meter.ts';
import { createTableProbe } from '../../../functions/system/store/table-probe.ts';
import { systemUseCases } from '../../../functions/system/use-cases/index.ts';
import { createHttp, type HttpAnswer } from '../../support/http-client.ts';
import { inProcessDependencies, invoke } from '../../support/in-process-api.ts';
import { makeWorkspace, register } from '../../support/people.ts';
import { scanItems } from '../../support/table-items.ts';
import { until } from '../../support/until.ts';

const stack = inject('stack');
const http = createHttp(stack.base_url);
const ask = async (path: string, method = 'GET', token?: string) => {
  const headers = { ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(`${stack.base_url}${path}`, { method, headers });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as HttpAnswer['body'] };
};

describe('the deployed stack', () => {
  it('tells its health at the root and under /api/v1, to anyone', async () => {
    for (const prefix of ['', '/api/v1']) {
      const whole = await ask(`${prefix}/health`);
      expect([whole.status, whole.body.success]).toEqual([200, true]);
      expect(health.parse(whole.body.data)).toMatchObject({ status: 'healthy', environment: 'local' });
      const database = await ask(`${prefix}/health/db`);
      const { connection_count, max_connections } = databaseHealth.parse(database.body.data);
      // Other calls of this process may have opened some more.
      expect(connection_count).toBeGreaterThanOrEqual(1);
      expect([connection_count <= max_connections, max_connections]).toEqual([true, 50]);
      expect(database.headers.get('x-ratelimit-limit')).toBeNull();
      const cache = await ask(`${prefix}/health/redis`);
      expect(cacheHealth.parse(cache.body.data)).toMatchObject({ backend: 'dynamodb' });
    }
  });

  it('shows its configuration to admins, at both paths', async () => {
    const person = await register(http, 'curious');
    for (const path of ['/debug/config', '/api/v1/debug/config']) {
      const { body } = await ask(path, 'GET', stack.admin.token);
      expect(configuration.parse(body.data).database.name).toBe(stack.outputs.TableName);
      expect((await ask(path, 'GET', person.token)).status).toBe(403);
      expect((await ask(path)).status).toBe(401);
    }
  });

  it('counts nothing for it, and reads half a unit', async () => {
    expect((await ask('/health/db')).headers.get('x-meter')).toBe('trips=1;wcu=0;rcu=0.5;kms=0');
  });

  it('refuses an unknown path by 404, and an unknown method by 405 with Allow', async () => {
    const unknown = await http('GET', '/no-such-thing');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'NOT_FOUND']);
    const method = await http('PATCH', '/workspaces/01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a', {
      headers: { 'accept-language': 'ko' },
    });
    expect([method.status, method.body.code, method.headers.get('allow')]).toEqual([
      405,
      'VALIDATION_ERROR',
      'DELETE, GET, PUT',
    ]);
    expect(method.body.error).toBe('PATCH 메서드는 여기서 쓸 수 없습니다');
  });
});

describe('the statistics', () => {
  const counted = async () => {
    const items = await scanItems(stack);
    const count = (type: string) => items.filter((item) => item['type'] === type).length;
    return { users: count('user'), workspaces: count('workspace'), credentials: count('credential'), vms: count('vm') };
  };

  it('are those of the table, to admins, within seconds of what comes and goes', async () => {
    const person = await register(http, 'counted');
    const [kept, gone] = [await makeWorkspace(http, person), await makeWorkspace(http, person)];
    expect((await http('DELETE', `/workspaces/${gone}`, { token: person.token })).status).toBe(200);
    const body = {
      workspace_id: kept,
      provider: 'aws',
      data: { access_key: 'AKIACOUNTED000000000', secret_key: 'c'.repeat(40), region: 'eu-west-1' },
    };
    expect((await http('POST', '/credentials', { token: person.token, body })).status).toBe(201);
    const read = async () => (await http('GET', '/system/stats', { token: stack.admin.token })).body.data;
    await until('the counters have followed', async () => {
      const [{ users, workspaces, credentials, vms }, table] = [await read(), await counted()];
      return JSON.stringify({ users, workspaces, credentials, vms: vms.total }) === JSON.stringify(table);
    });
    expect(statistics.parse(await read()).users).toBeGreaterThan(1);
    expect((await http('GET', '/system/stats', { token: person.token })).body.code).toBe('FORBIDDEN');
  });
});

describe('health without a table', () => {
  it('is 503', async () => {
    const client = createTableClient({ ...stack.client, endpoint: 'http://127.0.0.1:9' });
    const probe = createTableProbe(createTable({ client, tableName: 'gone' }), []);
    const useCases = systemUseCases({
      probe,
      counts: { read: async () => ({}) },
      cacheProbe: probe,
      figures: createProcessMeter(),
      version: '0',
      stage: 'test',
      configuration: {} as Configuration,
    });
    const handler = createApi(
      systemRoutes,
      useCases,
      inProcessDependencies({ table: undefined, verifyToken: undefined } as never),
    );
    const { status, body } = await invoke(handler, { method: 'GET', path: '/health' });
    expect([status, body.code, body.data.status]).toEqual([503, 'SERVICE_UNAVAILABLE', 'degraded']);
    client.destroy();
  });
});
