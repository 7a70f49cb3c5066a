import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { createSum, type Sum, writeItem } from './item.ts';
import { isKept } from './kinds.ts';
import type { BackupTable } from './table.ts';

/** The first line of a backup. The last is a `Sum`. */
export interface Heading {
  format: 'skyclust-backup-1';
  table: string;
  exported_at: string;
}

const segments = 4;

interface ExportOptions {
  /** Partitions whose keys begin with this, and no others. */
  only?: string;
}

/** Writes all items of a table into a gzipped file, a line each, between a heading and their sum. The file is there once it is whole. */
export async function exportTable(
  table: BackupTable,
  file: string,
  heading: Heading,
  { only = '' }: ExportOptions = {},
): Promise<Sum> {
  const gzip = createGzip();
  const partial = `${file}.partial`;
  const written = pipeline(gzip, createWriteStream(partial, { mode: 0o600 }));
  const write = async (line: string) => {
    if (!gzip.write(`${line}\n`)) await Promise.race([once(gzip, 'drain'), written]);
  };
  const sum = createSum();
  await write(JSON.stringify(heading));
  await Promise.all(
    Array.from({ length: segments }, async (_, segment) => {
      for await (const page of table.scan(segment, segments)) {
        for (const item of page.filter((one) => isKept(one) && one['pk']?.S?.startsWith(only))) {
          const line = writeItem(item);
          sum.add(line);
          await write(line);
        }
      }
    }),
  );
  await write(JSON.stringify(sum.read()));
  gzip.end();
  await written;
  await rename(partial, file);
  return sum.read();
}
