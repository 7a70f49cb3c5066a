import { type ApiError, methodNotAllowed, notFound } from '../../../contracts/errors.ts';
import { type KnownRoute, knownPaths } from './known-paths.ts';

/** Makes the refusal of a request without a route: 405 with `Allow` on a path that other methods have, else NOT_FOUND. */
export function refuseUnknown(routes: Iterable<KnownRoute>): (method: string, path: string) => ApiError {
  const methodsOf = knownPaths(routes);
  return (method, path) => {
    const allow = methodsOf(path);
    return allow.length === 0 ? notFound() : methodNotAllowed(method, allow);
  };
}
