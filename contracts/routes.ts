import { auditRoutes } from './audit/routes.ts';
import { computeRoutes } from './compute/routes.ts';
import { scheduleRoutes } from './compute/schedule-routes.ts';
import { credentialCheckRoutes, credentialRoutes } from './credentials/routes.ts';
import { accountRoutes } from './identity/account-routes.ts';
import { apiKeyRoutes } from './identity/api-key-routes.ts';
import { identityRoutes } from './identity/routes.ts';
import { userRoutes } from './identity/user-routes.ts';
import { notificationRoutes } from './notifications/routes.ts';
import { providerRoutes } from './providers/routes.ts';
import type { Route } from './route.ts';
import { systemRoutes } from './system/routes.ts';
import { workspaceRoutes } from './workspaces/routes.ts';

/** Every route of the product, by id. A route that is not here does not exist. */
export const routes: Readonly<Record<string, Route>> = {
  ...identityRoutes,
  ...accountRoutes,
  ...userRoutes,
  ...apiKeyRoutes,
  ...workspaceRoutes,
  ...credentialRoutes,
  ...credentialCheckRoutes,
  ...computeRoutes,
  ...notificationRoutes,
  ...providerRoutes,
  ...scheduleRoutes,
  ...auditRoutes,
  ...systemRoutes,
};
