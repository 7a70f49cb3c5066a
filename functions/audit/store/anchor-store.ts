import { type Bucket, readLast } from '../../platform/objects/index.ts';
import {
  anchorKey,
  anchorPrefix,
  anchorsPrefix,
  type FoundAnchor,
  monthOfAnchor,
  readAnchor,
  writeAnchor,
} from '../domain/anchor.ts';
import { monthBefore } from '../domain/months.ts';
import type { AnchorStore } from '../ports.ts';

const type = 'application/json';

/** Anchors in a bucket with Object Lock. The last one is found by listing: nothing in the table is believed. */
export function createAnchorStore(bucket: Bucket): AnchorStore {
  async function last(month: string): Promise<FoundAnchor | undefined> {
    const found = await readLast(bucket, anchorPrefix(month));
    return found && readAnchor(found);
  }

  return {
    last,
    async firstMonth() {
      const key = await bucket.first(anchorsPrefix);
      return key && monthOfAnchor(key);
    },
    async add({ month, at, heads }, before) {
      const earlier = before ?? (await last(monthBefore(month)));
      const number = (before?.number ?? 0) + 1;
      const bytes = writeAnchor({ month, number, at, previous: earlier?.self ?? null, heads });
      return bucket.put(anchorKey({ month, number }), bytes, { type }, { absentOnly: true });
    },
  };
}
