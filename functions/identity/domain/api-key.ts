import type { ApiKey as ApiKeyView } from '../../../contracts/identity/api-key.ts';
import { lesserRole, type SystemRole } from '../../../contracts/shared/permissions.ts';

/** `role` as it was given to it; what it may do now is never more than its user may (`viewOfKey`). */
export type ApiKey = ApiKeyView;

export const viewOfKey = (key: ApiKey, userRole: SystemRole): ApiKeyView => ({
  ...key,
  role: lesserRole(key.role, userRole),
});

/** Whether a key of this role would be more than its maker. */
export const exceeds = (role: SystemRole, makerRole: SystemRole): boolean => lesserRole(role, makerRole) !== role;
