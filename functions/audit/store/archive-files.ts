import { gunzipSync, gzipSync } from 'node:zlib';
import { type Bucket, readLast } from '../../platform/objects/index.ts';
import {
  expiredKey,
  expiredPrefix,
  manifestKey,
  manifestPrefix,
  partKey,
  readManifest,
  sha256Of,
  writeManifest,
} from '../domain/archive.ts';
import type { ArchiveFiles } from '../ports.ts';

const json = { type: 'application/json' };
const gzipped = { type: 'application/gzip' };
const ifAbsent = { absentOnly: true };

/**
 * The archive in the bucket with Object Lock. What may not be there is listed, never asked for: without the right to list the whole bucket S3 answers 403 for
 * a key that it does not have.
 */
export const createArchiveFiles = (bucket: Pick<Bucket, 'get' | 'put' | 'list'>): ArchiveFiles => ({
  async manifest(day) {
    const found = await readLast(bucket, manifestPrefix(day));
    return found && readManifest(found.key, found.bytes);
  },
  addManifest: (manifest) => bucket.put(manifestKey(manifest), writeManifest(manifest), json, ifAbsent),
  async addPart({ day, number }, text) {
    const bytes = gzipSync(text);
    const sha256 = sha256Of(bytes);
    const key = partKey(day, number, sha256);
    // Taken means that it is there already: the key is made from the content.
    await bucket.put(key, bytes, gzipped, ifAbsent);
    return { key, sha256, bytes: bytes.length };
  },
  async part({ key, sha256 }) {
    const bytes = await bucket.get(key);
    if (bytes === undefined || sha256Of(bytes) !== sha256)
      throw new Error(
        `cannot read ${key} of the archive: ${bytes === undefined ? 'it is not there' : 'it was changed'}`,
      );
    return gunzipSync(bytes).toString('utf8');
  },
  async markExpired(manifest, at) {
    const { day } = manifest;
    const archived = { key: manifestKey(manifest), sha256: sha256Of(writeManifest(manifest)) };
    await bucket.put(expiredKey(day), Buffer.from(`${JSON.stringify({ day, at, archived })}\n`), json, ifAbsent);
  },
  async expiredDays(month) {
    const keys = await bucket.list(expiredPrefix(month));
    return new Set(keys.map((key) => key.slice(expiredPrefix('').length, -'.json'.length)));
  },
});
