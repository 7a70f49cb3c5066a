import type { systemRoutes } from '../../../contracts/system/routes.ts';
import type { UseCases } from '../../platform/api/call.ts';
import { type HealthDependencies, readDatabaseHealth, readHealth } from './read-health.ts';

export const systemUseCases = (dependencies: HealthDependencies): UseCases<typeof systemRoutes> => ({
  'health.read': readHealth(dependencies),
  'health.read_at_root': readHealth(dependencies),
  'health.read_database': readDatabaseHealth(dependencies),
  'health.read_database_at_root': readDatabaseHealth(dependencies),
});
