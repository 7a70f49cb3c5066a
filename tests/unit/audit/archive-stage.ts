import { gunzipSync } from 'node:zlib';
import type { AuditLog } from '../../../contracts/audit/routes.ts';
import { type ArchiveDependencies, archiveRows } from '../../../functions/audit/archive/archive-rows.ts';
import { chainRows } from '../../../functions/audit/chain/chain-rows.ts';
import { type Manifest, readManifest } from '../../../functions/audit/domain/archive.ts';
import { type CheckedPart, checkPart } from '../../../functions/audit/domain/archive-part.ts';
import { createAnchorStore } from '../../../functions/audit/store/anchor-store.ts';
import { createArchiveFiles } from '../../../functions/audit/store/archive-files.ts';
import { createArchiveNotes } from '../../../functions/audit/store/archive-notes.ts';
import { createRowExpiry } from '../../../functions/audit/store/row-expiry.ts';
import type { Bucket } from '../../../functions/platform/objects/index.ts';
import type { Table } from '../../../functions/platform/table/types.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { rowItem, sampleRow } from './sample-rows.ts';
import { storesOf } from './verify-all.ts';

/** Sorted apart, and the last of them nobody's workspace but a user. */
export const scopes = [
  '01926f3c-7b4e-7d10-9c3a-000000000001',
  '01926f3c-7b4e-7d10-9c3a-000000000002',
  '01926f3c-7b4e-7d10-9c3a-000000000003',
] as const;

/** Rows of a day, spread over it and over the scopes. */
export function rowsOfDay(day: string, count: number, seed = 1): AuditLog[] {
  const random = seededRandom(Date.parse(day) / 1_000 + seed);
  const begin = Date.parse(`${day}T00:00:00.000Z`);
  return Array.from({ length: count }, (_, nth) => {
    const at = begin + Math.floor((nth * 86_000_000) / count) + Math.floor(random() * 1_000);
    const scope = scopes[nth % scopes.length] as string;
    const fields = scope === scopes[2] ? { workspace_id: null, user_id: scope } : { workspace_id: scope };
    return sampleRow({ at, random, fields });
  });
}

export async function write(table: Table, rows: readonly AuditLog[]): Promise<void> {
  for (let at = 0; at < rows.length; at += 100)
    await Promise.all(
      rows.slice(at, at + 100).map((row) => table.write({ put: { ...rowItem(row), key_id: `key of ${row.id}` } })),
    );
}

/** As the stream's consumer would, in batches that end where they will. */
export async function chain(table: Table, rows: readonly AuditLog[], batch = 70): Promise<void> {
  for (let at = 0; at < rows.length; at += batch) {
    const failed = await chainRows(storesOf(table), rows.slice(at, at + batch));
    if (failed.size > 0) throw new Error('the rows can not be chained');
  }
}

export async function grow(table: Table, rows: readonly AuditLog[], batch?: number): Promise<void> {
  await write(table, rows);
  await chain(table, rows, batch);
}

export interface Archiver {
  tick: ReturnType<typeof archiveRows>;
  errors: { message: string; details: Record<string, unknown> }[];
}

export function createArchiver(
  table: Table,
  bucket: Bucket,
  { tableDays = 0, ...change }: Partial<ArchiveDependencies> = {},
): Archiver {
  const errors: Archiver['errors'] = [];
  const tick = archiveRows({
    ...storesOf(table, createAnchorStore(bucket)),
    files: createArchiveFiles(bucket),
    notes: createArchiveNotes(table),
    expiry: createRowExpiry(table),
    tableDays,
    milliseconds: () => 0,
    log: { info: () => undefined, error: (message, details) => void errors.push({ message, details }) },
    ...change,
  });
  return { tick, errors };
}

export interface ReadDay {
  manifest: Manifest;
  parts: CheckedPart[];
  rows: AuditLog[];
  wrong: string[];
  /** The lines of all parts. */
  lines: string[];
}

/** A day as a person reads it, who has nothing but the bucket. */
export async function readArchived(bucket: Bucket, day: string): Promise<ReadDay | undefined> {
  const key = (await bucket.list(`archive/${day}/manifest-`)).at(-1);
  if (key === undefined) return undefined;
  const manifest = readManifest(key, (await bucket.get(key)) as Uint8Array);
  const texts: string[] = [];
  for (const part of manifest.parts)
    texts.push(gunzipSync((await bucket.get(part.key)) as Uint8Array).toString('utf8'));
  const parts = texts.map((text) => checkPart(day, text));
  return {
    manifest,
    parts,
    rows: parts.flatMap(({ rows }) => rows),
    wrong: parts.flatMap(({ wrong }) => wrong),
    lines: texts.flatMap((text) => text.split('\n').filter((line) => line !== '')),
  };
}

/** The rows that have been given an end. */
export const ending = (partitions: ReadonlyMap<string, ReadonlyMap<string, Record<string, unknown>>>) =>
  [...partitions].flatMap(([pk, items]) =>
    pk.startsWith('AUDIT#') ? [...items.values()].filter(({ ttl }) => ttl !== undefined) : [],
  );
