import type { Configuration, systemRoutes } from '../../../contracts/system/routes.ts';
import type { UseCases } from '../../platform/api/call.ts';
import { readConfiguration } from './read-configuration.ts';
import { type HealthDependencies, readCacheHealth, readDatabaseHealth, readHealth } from './read-health.ts';
import { readStatistics, type StatisticsDependencies } from './read-statistics.ts';

interface SystemDependencies extends HealthDependencies, StatisticsDependencies {
  configuration: Configuration;
}

export const systemUseCases = (dependencies: SystemDependencies): UseCases<typeof systemRoutes> => ({
  'health.read': readHealth(dependencies),
  'health.read_at_root': readHealth(dependencies),
  'health.read_database': readDatabaseHealth(dependencies),
  'health.read_database_at_root': readDatabaseHealth(dependencies),
  'health.read_cache': readCacheHealth(dependencies),
  'health.read_cache_at_root': readCacheHealth(dependencies),
  'system.read_statistics': readStatistics(dependencies),
  'system.read_configuration': readConfiguration(dependencies),
  'system.read_configuration_at_root': readConfiguration(dependencies),
});
