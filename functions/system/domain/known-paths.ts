export interface KnownRoute {
  method: string;
  path: string;
}

/** Which methods a path takes, for a request that no route was found for: none where no route has the path. */
export function knownPaths(routes: Iterable<KnownRoute>): (path: string) => string[] {
  const patterns = [...routes].map(({ method, path }) => {
    const parts = path
      .split('/')
      .map((part) => (part.startsWith('{') ? '[^/]+' : part.replace(/[.*+?^$()|[\]\\]/g, '\\$&')));
    return { method, fits: new RegExp(`^${parts.join('/')}$`) };
  });
  return (path) => [...new Set(patterns.flatMap(({ method, fits }) => (fits.test(path) ? [method] : [])))].sort();
}
