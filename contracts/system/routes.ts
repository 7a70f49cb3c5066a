import * as z from 'zod';
import { standing } from '../compute/vm-states.ts';
import { defineRoutes, route } from '../route.ts';
import { timestamp } from '../shared/fields.ts';

const tag = 'System';

const megabytes = (description: string) => z.number().meta({ description, example: 45.2 });

/** The names are those of the product's first, Go, version; the figures are Node's. They are of the one process that answers. */
export const health = z
  .strictObject({
    status: z.literal('healthy'),
    timestamp,
    uptime: z.string().meta({ description: 'How long this process has run.', example: '72h30m15s' }),
    version: z.string().meta({ example: '0.1.0' }),
    environment: z.string().meta({ description: 'The stage.', example: 'prod' }),
    metrics: z.strictObject({
      memory: z.strictObject({
        alloc_mb: megabytes('Heap in use.'),
        total_alloc_mb: megabytes('Heap in use, and all that collections have freed since the process began.'),
        sys_mb: megabytes('Resident set of the process.'),
        num_gc: z.int().meta({ description: 'Garbage collections since the process began.' }),
      }),
      goroutines: z.int().meta({ description: 'Resources that keep the event loop busy: sockets, timers, requests.' }),
    }),
  })
  .meta({ id: 'Health' });
export type Health = z.output<typeof health>;

export const databaseHealth = z
  .strictObject({
    status: z.literal('healthy'),
    response_time: z.string().meta({ description: 'Of one read of the table.', example: '2ms' }),
    connection_count: z.int().meta({ description: 'Sockets to the table that this process holds.' }),
    max_connections: z.int().meta({ description: 'Sockets that it may hold.' }),
    table_status: z.literal('ACTIVE').meta({ description: 'The table serves reads.' }),
  })
  .meta({ id: 'DatabaseHealth' });
export type DatabaseHealth = z.output<typeof databaseHealth>;

export const cacheHealth = z
  .strictObject({
    status: z.literal('healthy'),
    response_time: z.string().meta({ description: 'Of one look into the cache.', example: '2ms' }),
    connected_clients: z.int().meta({ description: 'Sockets to the cache that this process holds.' }),
    used_memory: z
      .string()
      .meta({ description: 'Of this process, for the cache: it lies in the table.', example: '0B' }),
    backend: z.literal('dynamodb'),
  })
  .meta({ id: 'CacheHealth' });
export type CacheHealth = z.output<typeof cacheHealth>;

const endpoint = z.strictObject({ host: z.string(), port: z.int() });

/** Where a stage keeps what it keeps. Names and places, never a secret. */
export const configuration = z
  .strictObject({
    environment: z.string().meta({ description: 'The stage.', example: 'prod' }),
    version: z.string().meta({ example: '0.1.0' }),
    region: z.string().meta({ example: 'eu-west-1' }),
    log_level: z.string().meta({ example: 'INFO' }),
    database: endpoint.extend({ name: z.string().meta({ description: 'The table.' }) }),
    redis: endpoint.extend({ backend: z.literal('dynamodb') }).meta({ description: 'The cache, under its old name.' }),
    identity: z.strictObject({ issuer: z.url(), client_id: z.string() }),
    limits: z
      .record(z.string(), z.int())
      .meta({ description: 'Calls an hour.', example: { user: 1_000, anonymous: 100 } }),
  })
  .meta({ id: 'Configuration' });
export type Configuration = z.output<typeof configuration>;

export const statistics = z
  .strictObject({
    users: z.int(),
    workspaces: z.int(),
    credentials: z.int(),
    vms: z.strictObject({
      total: z.int(),
      by_status: z
        .record(z.enum(standing), z.int())
        .meta({ example: { pending: 0, running: 12, stopping: 0, stopped: 3, starting: 1, deleting: 0, error: 0 } }),
    }),
    generated_at: timestamp,
    version: z.string().meta({ example: '0.1.0' }),
    uptime: z.string().meta({ description: 'How long this process has run.', example: '72h30m15s' }),
  })
  .meta({ id: 'SystemStatistics' });
export type Statistics = z.output<typeof statistics>;

const common = { method: 'GET', who: { kind: 'anyone' }, counted: 'no', audit: false, tag } as const;

const healthRoute = (path: `/${string}`) =>
  route({
    ...common,
    path,
    summary: 'Say whether the service works',
    description: 'SERVICE_UNAVAILABLE with `data.status` `degraded` while the table can not be read.',
    answer: { status: 200, data: health },
  });

const databaseRoute = (path: `/${string}`) =>
  route({
    ...common,
    path,
    summary: 'Say whether the table answers, and how fast',
    description: 'SERVICE_UNAVAILABLE with `data.status` `unhealthy` while the table can not be read.',
    answer: { status: 200, data: databaseHealth },
  });

const cacheRoute = (path: `/${string}`) =>
  route({
    ...common,
    path,
    summary: 'Say whether the cache answers, and how fast',
    description:
      'The cache lies in the table; the path is that of the Redis that it was. SERVICE_UNAVAILABLE with `data.status` `unhealthy` while it can not be read.',
    answer: { status: 200, data: cacheHealth },
  });

const configurationRoute = (path: `/${string}`) =>
  route({
    method: 'GET',
    path,
    summary: 'Show how the stage is configured',
    who: { kind: 'permission', permission: 'system:read' },
    answer: { status: 200, data: configuration },
    counted: 'caller',
    audit: { resource: 'configuration', action: 'read' },
    tag,
  });

/** Each stands at the root too, where load balancers and monitors look for it. */
export const systemRoutes = defineRoutes('system-api', {
  'health.read': healthRoute('/api/v1/health'),
  'health.read_at_root': healthRoute('/health'),
  'health.read_database': databaseRoute('/api/v1/health/db'),
  'health.read_database_at_root': databaseRoute('/health/db'),
  'health.read_cache': cacheRoute('/api/v1/health/redis'),
  'health.read_cache_at_root': cacheRoute('/health/redis'),
  'system.read_statistics': route({
    method: 'GET',
    path: '/api/v1/system/stats',
    summary: 'Count what there is on the stage',
    description: 'From counters that follow the events, a second or two behind. Deleted things are not in them.',
    who: { kind: 'permission', permission: 'system:read' },
    answer: { status: 200, data: statistics },
    counted: 'caller',
    audit: { resource: 'system', action: 'read' },
    tag,
  }),
  'system.read_configuration': configurationRoute('/api/v1/debug/config'),
  'system.read_configuration_at_root': configurationRoute('/debug/config'),
});
