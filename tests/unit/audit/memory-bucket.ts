import { createHash } from 'node:crypto';
import type { Bucket } from '../../../functions/platform/objects/index.ts';

export interface MemoryBucket extends Bucket {
  objects: Map<string, Uint8Array>;
}

/** A bucket as far as the audit context uses one. */
export function createMemoryBucket(): MemoryBucket {
  const objects = new Map<string, Uint8Array>();
  const continueUpload: Bucket['continueUpload'] = (key, { uploadId, tags: before }) => {
    const tags = [...before];
    const partOf = (tag: string) => objects.get(`${uploadId}/${tag}`) ?? new Uint8Array();
    return {
      state: () => ({ uploadId, tags: [...tags] }),
      async send(part) {
        const tag = `${tags.length + 1}-${createHash('sha256').update(part).digest('hex')}`;
        objects.set(`${uploadId}/${tag}`, part);
        tags.push(tag);
      },
      async complete() {
        objects.set(key, Buffer.concat(tags.map(partOf)));
        for (const name of [...objects.keys()]) if (name.startsWith(`${uploadId}/`)) objects.delete(name);
      },
    };
  };
  return {
    objects,
    get: async (key) => objects.get(key),
    async put(key, body, _, { absentOnly = false } = {}) {
      if (absentOnly && objects.has(key)) return false;
      objects.set(key, body);
      return true;
    },
    list: async (prefix) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(),
    link: async (key, seconds) => `https://bucket.example/${key}?seconds=${seconds}`,
    beginUpload: async (key) => continueUpload(key, { uploadId: `upload of ${key}`, tags: [] }),
    continueUpload,
  };
}
