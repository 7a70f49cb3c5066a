import { describe, expect, it } from 'vitest';
import { unavailable } from '../../../contracts/errors.ts';
import { cacheHealth, configuration, databaseHealth, health, systemRoutes } from '../../../contracts/system/routes.ts';
import { createApi } from '../../../functions/platform/api/create-api.ts';
import { defaultLimits } from '../../../functions/platform/api/limits.ts';
import { configurationOf } from '../../../functions/system/domain/configuration.ts';
import { formatDuration } from '../../../functions/system/domain/duration.ts';
import type { TableProbe } from '../../../functions/system/ports.ts';
import { createProcessMeter } from '../../../functions/system/store/process-meter.ts';
import { systemUseCases } from '../../../functions/system/use-cases/index.ts';
import { inProcessDependencies, invoke } from '../../support/in-process-api.ts';

const probe: TableProbe = { read: async () => ({ milliseconds: 2.4, sockets: 1, maxSockets: 50 }) };
const dead: TableProbe = {
  read: async () => {
    throw unavailable(2, new Error('the table is gone'));
  },
};

/** No table and no tokens: whatever touched either would throw. */
const handlerOf = (used: TableProbe) =>
  createApi(
    systemRoutes,
    systemUseCases({
      probe: used,
      counts: { read: async () => ({}) },
      cacheProbe: used,
      figures: createProcessMeter(),
      version: '1.2.3',
      stage: 'test',
      configuration: sampleConfiguration,
    }),
    inProcessDependencies({ table: undefined, verifyToken: undefined } as never),
  );

const sampleConfiguration = configurationOf({
  stage: 'test',
  version: '1.2.3',
  region: 'eu-west-1',
  logLevel: 'INFO',
  tableName: 'skyclust-test',
  userPoolId: 'eu-west-1_pool',
  clientId: 'client',
  limits: { ...defaultLimits },
  endpoint: '',
});

const paths = ['/health', '/api/v1/health'];

describe('health', () => {
  it('is told to anyone at both paths, in the envelope, without being counted', async () => {
    for (const path of paths) {
      const { status, body, headers } = await invoke(handlerOf(probe), { method: 'GET', path });
      expect([status, body.success]).toEqual([200, true]);
      expect(health.parse(body.data)).toMatchObject({ status: 'healthy', version: '1.2.3', environment: 'test' });
      expect(headers.get('x-ratelimit-limit')).toBeNull();
    }
  });

  it('of the database has the time of a read and the sockets', async () => {
    for (const path of paths) {
      const { body } = await invoke(handlerOf(probe), { method: 'GET', path: `${path}/db` });
      expect(databaseHealth.parse(body.data)).toEqual({
        status: 'healthy',
        response_time: '2ms',
        connection_count: 1,
        max_connections: 50,
        table_status: 'ACTIVE',
      });
    }
  });

  it('is SERVICE_UNAVAILABLE and says what is wrong while the table does not answer', async () => {
    for (const path of paths) {
      const whole = await invoke(handlerOf(dead), { method: 'GET', path });
      expect([whole.status, whole.body.code, whole.body.data.status]).toEqual([503, 'SERVICE_UNAVAILABLE', 'degraded']);
      expect(whole.headers.get('retry-after')).toBe('5');
      const database = await invoke(handlerOf(dead), { method: 'GET', path: `${path}/db` });
      expect([database.status, database.body.data]).toEqual([
        503,
        { status: 'unhealthy', table_status: 'UNREACHABLE' },
      ]);
      expect(JSON.stringify([whole.body, database.body])).not.toContain('gone');
    }
  });
});

describe('the health of the cache', () => {
  it('has the time of a look, and says what the cache is', async () => {
    for (const path of paths) {
      const { body } = await invoke(handlerOf(probe), { method: 'GET', path: `${path}/redis` });
      expect(cacheHealth.parse(body.data)).toEqual({
        status: 'healthy',
        response_time: '2ms',
        connected_clients: 1,
        used_memory: '0B',
        backend: 'dynamodb',
      });
      const { status, body: refused } = await invoke(handlerOf(dead), { method: 'GET', path: `${path}/redis` });
      expect([status, refused.data]).toEqual([503, { status: 'unhealthy', backend: 'dynamodb' }]);
    }
  });
});

describe('the configuration', () => {
  it('names where AWS keeps things, or the endpoint that stands in for it', () => {
    expect(configuration.parse(sampleConfiguration)).toMatchObject({
      database: { host: 'dynamodb.eu-west-1.amazonaws.com', port: 443, name: 'skyclust-test' },
      redis: { host: 'dynamodb.eu-west-1.amazonaws.com', port: 443, backend: 'dynamodb' },
      limits: { user: 1_000 },
    });
    const known = { stage: '', version: '', region: 'r', logLevel: '', tableName: '', userPoolId: '', clientId: '' };
    const local = configurationOf({ ...known, limits: {}, endpoint: 'http://127.0.0.1:4566' });
    expect(local.database).toMatchObject({ host: '127.0.0.1', port: 4566 });
  });
});

describe('the figures of a process', () => {
  it('count collections and add up what they freed', () => {
    const meter = createProcessMeter();
    const before = meter.read();
    for (let n = 0; n < 3_000_000; n += 1) ({ n }).toString();
    const after = meter.read();
    expect(after.collections).toBeGreaterThan(before.collections);
    expect(after.allocated - before.allocated).toBeGreaterThan(after.heapUsed - before.heapUsed);
    expect(after.resident).toBeGreaterThan(after.heapUsed);
  });

  it('write a duration as hours, minutes and seconds', () => {
    expect([261_015.9, 3_600, 61, 0].map(formatDuration)).toEqual(['72h30m15s', '1h0m0s', '1m1s', '0s']);
  });
});
