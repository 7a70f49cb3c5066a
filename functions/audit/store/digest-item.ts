import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Item } from '../../platform/table/types.ts';
import type { Digest, IndexEntry } from '../domain/digest.ts';
import { digestKey } from './keys.ts';

type Packed = [string, string, string, string, string, string | null, boolean];

const pack = (entry: IndexEntry): Packed => [
  entry.scope,
  entry.position,
  entry.user_id,
  entry.action,
  entry.resource,
  entry.resource_id,
  entry.success,
];

const unpack = ([scope, position, user_id, action, resource, resource_id, success]: Packed): IndexEntry => ({
  scope,
  month: position.slice(0, 7),
  position,
  user_id,
  action,
  resource,
  resource_id,
  success,
});

/** Deflated, a row of a full digest takes a third of its text: ids repeat, and hexadecimal digits are half empty. */
export const digestItem = (digest: Digest): Item => ({
  ...digestKey(digest),
  rows: deflateRawSync(JSON.stringify(digest.entries.map(pack))),
});

export function readDigest(item: Item): Digest {
  const [second = '', id = ''] = item.sk.split('#');
  const rows = JSON.parse(inflateRawSync(item['rows'] as Uint8Array).toString('utf8')) as Packed[];
  return { second, id, entries: rows.map(unpack) };
}
