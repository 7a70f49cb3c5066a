import type { notificationRoutes } from '../../../contracts/notifications/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { changePreferences } from '../domain/preferences.ts';
import type { PreferenceStore } from '../ports.ts';

export const updatePreferences =
  ({
    preferences,
  }: {
    preferences: PreferenceStore;
  }): UseCase<(typeof notificationRoutes)['notification_preferences.update']> =>
  async ({ body }, call) => {
    const { userId } = call.caller;
    const before = await preferences.find(userId);
    call.expectVersion(before.version);
    const data = changePreferences(before, body, call.now);
    return call.commit([preferences.put(userId, data)], { data, version: data.version, resourceId: userId });
  };
