import { scheduleRoutes } from '../../../contracts/compute/schedule-routes.ts';
import { createApi } from '../../platform/api/create-api.ts';
import { apiDependenciesFromEnv } from '../../platform/api/dependencies-from-env.ts';
import { scheduleUseCases } from '../schedule/schedule-use-cases.ts';
import { createScheduleStore } from '../store/schedule-store.ts';

const dependencies = apiDependenciesFromEnv();
const schedules = createScheduleStore(dependencies.table);

export const handler = createApi(scheduleRoutes, scheduleUseCases({ schedules }), dependencies);
