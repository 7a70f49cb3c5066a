import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What was copied from the bucket: the last edition's manifest of each day, and parts by name. */
export interface ArchiveFolder {
  manifests: { name: string; text: string }[];
  parts: Map<string, Uint8Array>;
}

/** Reads a folder with all below it. */
export function readArchiveFolder(folder: string): ArchiveFolder {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  const manifests = files
    .filter((file) => /^manifest-\d+\.json$/.test(basename(file)))
    .map((file) => ({ name: file, text: readFileSync(file, 'utf8') }));
  const last = new Map(manifests.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map((one) => [dayOf(one.text), one]));
  const parts = files.filter((file) => file.endsWith('.ndjson.gz'));
  return { manifests: [...last.values()], parts: new Map(parts.map((file) => [basename(file), readFileSync(file)])) };
}

const dayOf = (text: string) => String((JSON.parse(text) as { day: unknown }).day);
