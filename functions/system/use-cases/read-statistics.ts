import { standing } from '../../../contracts/compute/vm-states.ts';
import type { Statistics, systemRoutes } from '../../../contracts/system/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { formatDuration } from '../domain/duration.ts';
import type { CountStore, ProcessMeter } from '../ports.ts';

export interface StatisticsDependencies {
  counts: Pick<CountStore, 'read'>;
  figures: ProcessMeter;
  version: string;
}

export const readStatistics =
  ({ counts, figures, version }: StatisticsDependencies): UseCase<(typeof systemRoutes)['system.read_statistics']> =>
  async (_input, { now }) => {
    const known = await counts.read();
    const byStatus = standing.map((status) => [status, known[`vms_${status}`] ?? 0] as const);
    const data: Statistics = {
      users: known.users ?? 0,
      workspaces: known.workspaces ?? 0,
      credentials: known.credentials ?? 0,
      vms: {
        total: byStatus.reduce((sum, [, count]) => sum + count, 0),
        by_status: Object.fromEntries(byStatus) as Statistics['vms']['by_status'],
      },
      generated_at: now.toISOString(),
      version,
      uptime: formatDuration(figures.read().uptimeSeconds),
    };
    return { data };
  };
