import type { notificationRoutes } from '../../../contracts/notifications/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import type { PreferenceStore } from '../ports.ts';

export const getPreferences =
  ({
    preferences,
  }: {
    preferences: PreferenceStore;
  }): UseCase<(typeof notificationRoutes)['notification_preferences.get']> =>
  async (_, call) => {
    const data = await preferences.find(call.caller.userId);
    return { data, version: data.version };
  };
