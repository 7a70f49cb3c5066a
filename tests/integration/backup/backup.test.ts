import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportTable, type Heading } from '../../../infra/commands/backup/export-table.ts';
import { importTable, sumOf } from '../../../infra/commands/backup/import-table.ts';
import { readItem, writeItem } from '../../../infra/commands/backup/item.ts';
import { type BackupTable, createBackupTable } from '../../../infra/commands/backup/table.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { rounds } from '../../support/sizes.ts';

let backend: Backend;
let client: DynamoDBClient;
const most = rounds(150, 5_000);

const folder = mkdtempSync(join(tmpdir(), 'backup-'));
beforeAll(async () => {
  backend = await startBackend();
  client = new DynamoDBClient(backend.client);
}, 60_000);
afterAll(async () => {
  client?.destroy();
  rmSync(folder, { recursive: true });
  await backend?.stop();
});

const heading: Heading = { format: 'skyclust-backup-1', table: 'sample', exported_at: '2026-01-31T09:30:00.000Z' };

/** A table with items of every shape that the platform writes: sets, bytes, maps, big numbers, other alphabets. */
async function fill(count: number) {
  const { table, tableName } = await backend.makeTable();
  const puts = Array.from({ length: count }, (_, n) => ({
    pk: `WS#${n % 17}`,
    sk: `VM#${n}`,
    ...(n % 3 === 0 && { type: 'vm' }),
    name: `웹 서버 ${n} "quoted"\n`,
    tags: { 'a/b': 'c', nested: [1, 0.1, true, null] },
    sealed: new Uint8Array([n % 256, 255, 0]),
    members: new Set([`m${n}`, 'a', 'z']),
    count: n * 1e9,
  }));
  for (let at = 0; at < count; at += 25) await Promise.all(puts.slice(at, at + 25).map((put) => table.write({ put })));
  await table.write({ put: { pk: 'PRINCIPAL#somebody', sk: 'PRINCIPAL', ws: {}, ss: {} } });
  await table.write({ put: { pk: 'CONNECTION#gone', sk: 'CONNECTION' } });
  return { table, backup: createBackupTable(client, tableName) };
}

const empty = async () => createBackupTable(client, (await backend.makeTable()).tableName);

const fileOf = (name: string) => join(folder, `${name}.ndjson.gz`);

describe('a backup', () => {
  it('of a table that was exported, wiped and imported is equal by its sum', async () => {
    const { backup } = await fill(most);
    const file = fileOf('whole');
    const exported = await exportTable(backup, file, heading);
    expect(exported.items).toBe(most + 1);
    const fresh = await empty();
    expect(await importTable(fresh, file)).toEqual(exported);
    expect(await sumOf(fresh)).toEqual(exported);
    // The control: one bit of one item is another sum.
    await fresh.put([{ pk: { S: 'WS#1' }, sk: { S: 'VM#1' }, sealed: { B: new Uint8Array([1, 254, 0]) } }]);
    expect((await sumOf(fresh)).sha256_sum).not.toBe(exported.sha256_sum);
  });

  it('of some partitions holds those alone, and brings them back beside the others', async () => {
    const { table, backup } = await fill(60);
    const file = fileOf('some');
    const whole = await sumOf(backup);
    const some = await exportTable(backup, file, heading, { only: 'WS#3' });
    expect(some.items).toBe(4);
    await table.write({ delete: { pk: 'WS#3', sk: 'VM#3' } });
    await importTable(backup, file, { intoFull: true });
    expect(await sumOf(backup)).toEqual(whole);
  });

  it('is written the same whatever order its fields and sets come in', () => {
    const one = {
      pk: { S: 'a' },
      set: { SS: ['x', 'y'] },
      map: { M: { b: { N: '1' }, a: { B: new Uint8Array([7]) } } },
    };
    const other = {
      map: { M: { a: { B: new Uint8Array([7]) }, b: { N: '1' } } },
      set: { SS: ['y', 'x'] },
      pk: { S: 'a' },
    };
    expect(writeItem(one)).toBe(writeItem(other));
    expect(writeItem(readItem(writeItem(one)))).toBe(writeItem(one));
  });

  it('is refused whole when it was cut, changed, or is none, before anything is written', async () => {
    const { backup } = await fill(50);
    const file = fileOf('spoilt');
    await exportTable(backup, file, heading);
    const bytes = readFileSync(file);
    const lines = gunzipSync(bytes).toString('utf8').trimEnd().split('\n');
    const spoilt = {
      cut: bytes.subarray(0, bytes.length / 2),
      'a line short': gzipSync(lines.toSpliced(5, 1).join('\n')),
      'a line twice': gzipSync(lines.toSpliced(5, 0, lines[5] ?? '').join('\n')),
      'a letter changed': gzipSync(lines.join('\n').replace('quoted', 'Quoted')),
      'no heading': gzipSync(lines.slice(1).join('\n')),
      'no sum': gzipSync(lines.slice(0, -1).join('\n')),
      empty: gzipSync(''),
      'no gzip': Buffer.from('hello'),
    };
    const fresh = await empty();
    for (const [what, content] of Object.entries(spoilt)) {
      writeFileSync(file, content);
      await expect(importTable(fresh, file), what).rejects.toThrow(/^cannot import: /);
    }
    await expect(importTable(fresh, fileOf('missing'))).rejects.toThrow(/^cannot import: /);
    expect((await sumOf(fresh)).items).toBe(0);
  });

  it('goes into an empty table alone, unless it is told to go on', async () => {
    const { backup } = await fill(30);
    const file = fileOf('again');
    const exported = await exportTable(backup, file, heading);
    await expect(importTable(backup, file)).rejects.toThrow('cannot import: the table is not empty');
    expect(await importTable(backup, file, { intoFull: true })).toEqual(exported);
  });

  it('that is interrupted anywhere is finished by the next try, and lets nobody in before it is whole', async () => {
    const { backup } = await fill(40);
    const file = fileOf('interrupted');
    const exported = await exportTable(backup, file, heading);
    let interruptions = 0;
    for (let stop = 1; ; stop += 1) {
      const fresh = await empty();
      const finished = await importTable(failingAfter(fresh, stop * 17), file).then(
        () => true,
        () => false,
      );
      if (finished) break;
      interruptions += 1;
      const keys: (string | undefined)[] = [];
      for await (const page of fresh.scan(0, 1)) keys.push(...page.map(({ pk }) => pk?.S));
      expect(keys).not.toContain('PRINCIPAL#somebody');
      await importTable(fresh, file, { intoFull: true });
      expect(await sumOf(fresh)).toEqual(exported);
    }
    expect(interruptions).toBeGreaterThanOrEqual(2);
  });
});

/** A table that takes so many items, put or unmarked, and then no more. */
function failingAfter(table: BackupTable, count: number): BackupTable {
  let left = count;
  const spend = (items: number) => {
    left -= items;
    if (left < 0) throw new Error('interrupted');
  };
  return {
    ...table,
    put: async (items) => {
      for (const item of items) {
        spend(1);
        await table.put([item]);
      }
    },
    updateIf: (update) => {
      spend(1);
      return table.updateIf(update);
    },
  };
}
