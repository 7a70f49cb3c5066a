import { createHash } from 'node:crypto';
import type { Bucket } from '../../../functions/platform/objects/index.ts';

export interface MemoryBucket extends Bucket {
  objects: Map<string, Uint8Array>;
}

/** A bucket as far as the audit context uses one. */
export function createMemoryBucket(): MemoryBucket {
  const objects = new Map<string, Uint8Array>();
  const uploads = new Set<string>();
  let begun = 0;
  const continueUpload: Bucket['continueUpload'] = (key, { uploadId, tags: before }) => {
    const tags = [...before];
    const partOf = (tag: string) => objects.get(`${uploadId}/${tag}`) ?? new Uint8Array();
    return {
      state: () => ({ uploadId, tags: [...tags] }),
      async send(part) {
        if (!uploads.has(uploadId)) throw new Error('NoSuchUpload');
        const tag = `${tags.length + 1}-${createHash('sha256').update(part).digest('hex')}`;
        objects.set(`${uploadId}/${tag}`, part);
        tags.push(tag);
      },
      async complete() {
        if (!uploads.delete(uploadId)) throw new Error('NoSuchUpload');
        objects.set(key, Buffer.concat(tags.map(partOf)));
        for (const name of [...objects.keys()]) if (name.startsWith(`${uploadId}/`)) objects.delete(name);
      },
    };
  };
  return {
    objects,
    get: async (key) => objects.get(key),
    has: async (key) => objects.has(key),
    async put(key, body, _, { absentOnly = false } = {}) {
      if (absentOnly && objects.has(key)) return false;
      objects.set(key, body);
      return true;
    },
    list: async (prefix) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(),
    first: async (prefix) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort()[0],
    link: async (key, seconds) => `https://bucket.example/${key}?seconds=${seconds}`,
    async beginUpload(key) {
      begun += 1;
      const uploadId = `upload ${begun} of ${key}`;
      uploads.add(uploadId);
      return continueUpload(key, { uploadId, tags: [] });
    },
    continueUpload,
  };
}
