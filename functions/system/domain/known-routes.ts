import { routes } from '../../../contracts/routes.ts';

/** Methods and paths of all routes. The bundle holds this list alone, without the schemas that the table is made of (infra/left-out.ts). */
export const knownRoutes: readonly { method: string; path: string }[] = Object.values(routes).map(
  ({ method, path }) => ({
    method,
    path,
  }),
);
