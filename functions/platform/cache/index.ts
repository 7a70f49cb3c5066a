export { createCache } from './create-cache.ts';
export type { Cache, Entry, Lifetime, Look } from './types.ts';
