import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { readArchiveFolder } from '../../../infra/commands/archive/read-folder.ts';
import { verifyArchive } from '../../../infra/commands/archive/verify.ts';
import { createArchiver, grow, rowsOfDay } from './archive-stage.ts';
import { createMemoryBucket } from './memory-bucket.ts';
import { createMemoryTable } from './memory-table.ts';

let folder: string;
let files: [string, Uint8Array][];

/** As `aws s3 cp --recursive` leaves it. */
const save = (key: string, bytes: Uint8Array) => {
  mkdirSync(dirname(join(folder, key)), { recursive: true });
  writeFileSync(join(folder, key), bytes);
};

beforeEach(async () => {
  const [table, bucket] = [createMemoryTable(), createMemoryBucket()];
  await grow(
    table,
    ['2026-02-10', '2026-02-11'].flatMap((day) => rowsOfDay(day, 60)),
    33,
  );
  await createArchiver(table, bucket, { partBytes: 20_000 }).tick(new Date('2026-02-12T02:00:00.000Z'));
  folder = mkdtempSync(join(tmpdir(), 'archive-'));
  files = [...bucket.objects].filter(([key]) => key.startsWith('archive/2026'));
  for (const [key, bytes] of files) save(key, bytes);
});

const verify = () => verifyArchive(readArchiveFolder(folder));
const parts = () => files.filter(([key]) => key.endsWith('.gz'));

describe('archived days, with nothing but their files', () => {
  it('are verified row by row and block by block', () => {
    expect(parts().length).toBeGreaterThan(3);
    expect(verify()).toMatchObject({ days: 2, rows: 120, wrong: [] });
  });

  it('show a part that was changed or is missing', () => {
    const [[first = ''] = [], [second = ''] = []] = parts();
    save(first, gzipSync('{}'));
    expect(verify().wrong).toEqual([`2026-02-10: ${first} is not what was written`]);
    const { manifests, parts: found } = readArchiveFolder(folder);
    found.delete(String(second.split('/').at(-1)));
    expect(verifyArchive({ manifests, parts: found }).wrong).toContain(`2026-02-10: ${second} is missing`);
  });

  it('show a row that was edited, though part and manifest agree with it', () => {
    const { manifests, parts: found } = readArchiveFolder(folder);
    const [key, bytes] = parts()[0] as [string, Uint8Array];
    const changed = gzipSync(gunzipSync(bytes).toString('utf8').replace('"status":200', '"status":500'));
    found.set(String(key.split('/').at(-1)), changed);
    const sha256Of = (some: Uint8Array) => createHash('sha256').update(some).digest('hex');
    const agreeing = manifests.map(({ name, text }) => ({
      name,
      text: text.replace(sha256Of(bytes), sha256Of(changed)),
    }));
    expect(verifyArchive({ manifests: agreeing, parts: found }).wrong).toEqual([
      expect.stringMatching(/^2026-02-10: row .* is not what it was$/),
    ]);
  });
});
