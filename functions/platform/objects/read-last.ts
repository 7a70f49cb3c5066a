import type { Bucket } from './bucket.ts';

/** The last in order of the objects whose keys begin so. */
export async function readLast(
  bucket: Pick<Bucket, 'list' | 'get'>,
  prefix: string,
): Promise<{ key: string; bytes: Uint8Array } | undefined> {
  const key = (await bucket.list(prefix)).at(-1);
  const bytes = key === undefined ? undefined : await bucket.get(key);
  return key === undefined || bytes === undefined ? undefined : { key, bytes };
}
