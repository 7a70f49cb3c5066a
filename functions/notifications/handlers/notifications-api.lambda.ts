import { notificationRoutes } from '../../../contracts/notifications/routes.ts';
import { createApi } from '../../platform/api/create-api.ts';
import { apiDependenciesFromEnv } from '../../platform/api/dependencies-from-env.ts';
import { createNotificationStore } from '../store/notification-store.ts';
import { createPreferenceStore } from '../store/preference-store.ts';
import { notificationUseCases } from '../use-cases/index.ts';

const dependencies = apiDependenciesFromEnv();
const { table } = dependencies;

const useCases = notificationUseCases({
  notifications: createNotificationStore(table),
  preferences: createPreferenceStore(table),
});

export const handler = createApi(notificationRoutes, useCases, dependencies);
