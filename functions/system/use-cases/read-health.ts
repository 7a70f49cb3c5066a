import { ApiError } from '../../../contracts/errors.ts';
import type { CacheHealth, DatabaseHealth, Health } from '../../../contracts/system/routes.ts';
import type { Answer, Call } from '../../platform/api/call.ts';
import { formatDuration, megabytes } from '../domain/duration.ts';
import type { ProcessMeter, TableProbe, TableReading } from '../ports.ts';

export interface HealthDependencies {
  probe: TableProbe;
  /** Of the cache. */
  cacheProbe: TableProbe;
  figures: ProcessMeter;
  version: string;
  stage: string;
}

/** Monitors look again at once; a client need not come sooner. */
const retryAfterSeconds = 5;

/** The reading, or SERVICE_UNAVAILABLE with what is known without the table. */
async function readOrRefuse(probe: TableProbe, known: Readonly<Record<string, unknown>>): Promise<TableReading> {
  try {
    return await probe.read();
  } catch (cause) {
    throw new ApiError('SERVICE_UNAVAILABLE', 'service.unavailable', { retryAfterSeconds, data: known, cause });
  }
}

export const readHealth =
  ({ probe, figures, version, stage }: HealthDependencies) =>
  async (_input: unknown, { now }: Call): Promise<Answer<Health>> => {
    const { uptimeSeconds, heapUsed, allocated, resident, collections, resources } = figures.read();
    const known = {
      timestamp: now.toISOString(),
      uptime: formatDuration(uptimeSeconds),
      version,
      environment: stage,
      metrics: {
        memory: {
          alloc_mb: megabytes(heapUsed),
          total_alloc_mb: megabytes(allocated),
          sys_mb: megabytes(resident),
          num_gc: collections,
        },
        goroutines: resources,
      },
    };
    await readOrRefuse(probe, { status: 'degraded', ...known });
    return { data: { status: 'healthy', ...known } };
  };

const durationOf = (milliseconds: number) => `${Math.max(1, Math.round(milliseconds))}ms`;

export const readDatabaseHealth =
  ({ probe }: Pick<HealthDependencies, 'probe'>) =>
  async (): Promise<Answer<DatabaseHealth>> => {
    const { milliseconds, sockets, maxSockets } = await readOrRefuse(probe, {
      status: 'unhealthy',
      table_status: 'UNREACHABLE',
    });
    return {
      data: {
        status: 'healthy',
        response_time: durationOf(milliseconds),
        connection_count: sockets,
        max_connections: maxSockets,
        table_status: 'ACTIVE',
      },
    };
  };

export const readCacheHealth =
  ({ cacheProbe }: Pick<HealthDependencies, 'cacheProbe'>) =>
  async (): Promise<Answer<CacheHealth>> => {
    const { milliseconds, sockets } = await readOrRefuse(cacheProbe, { status: 'unhealthy', backend: 'dynamodb' });
    return {
      data: {
        status: 'healthy',
        response_time: durationOf(milliseconds),
        connected_clients: sockets,
        used_memory: '0B',
        backend: 'dynamodb',
      },
    };
  };
