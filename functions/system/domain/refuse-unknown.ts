import { ApiError, type KnownIssue, notFound } from '../../../contracts/errors.ts';
import { type KnownRoute, knownPaths } from './known-paths.ts';

/** Makes the refusal of a request without a route: 405 with `Allow` on a path that other methods have, else NOT_FOUND. */
export function refuseUnknown(routes: Iterable<KnownRoute>): (method: string, path: string) => ApiError {
  const methodsOf = knownPaths(routes);
  return (method, path) => {
    const allow = methodsOf(path);
    if (allow.length === 0) return notFound();
    return new ApiError('VALIDATION_ERROR', 'input.method', {
      status: 405,
      params: { method },
      headers: { allow: allow.join(', ') },
      data: { issues: [{ path: 'method', message: 'is not one of those that Allow names' } satisfies KnownIssue] },
    });
  };
}
