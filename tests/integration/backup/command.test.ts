import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';

let backend: Backend;
const folder = mkdtempSync(join(tmpdir(), 'backup-'));
const file = join(folder, 'stage.ndjson.gz');
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await backend?.stop();
});

interface Said {
  failed: boolean;
  text: string;
}

/** Not waited for at a stand, since the emulator may be of this very process. */
const say = (...args: string[]): Promise<Said> =>
  new Promise((done) => {
    const { endpoint, region } = backend.client;
    const env = { ...process.env, AWS_ENDPOINT_URL: String(endpoint), AWS_REGION: String(region) };
    const command = ['infra/commands/backup.ts', ...args, '--stage', 'local'];
    execFile(process.execPath, command, { env }, (error, out, err) =>
      done({ failed: error !== null, text: out + err }),
    );
  });

it('npm run export, import and wipe say what they did, and fail where they did nothing', async () => {
  const [source, target] = [await backend.makeTable(), await backend.makeTable()];
  await source.table.write({ put: { pk: 'WS#a', sk: 'WS', type: 'workspace', id: 'a', version: 1 } });
  await source.table.write({ put: { pk: 'PRINCIPAL#u', sk: 'PRINCIPAL', ss: {} } });
  const into = ['--table', target.tableName];
  expect(await say('export', file, '--table', source.tableName)).toMatchObject({ failed: false });
  expect(await say('import', file, ...into)).toEqual({
    failed: false,
    text: `all 2 items of ${file} are in ${target.tableName}\n`,
  });
  expect(await say('import', file, ...into)).toMatchObject({
    failed: true,
    text: expect.stringContaining('the table is not empty'),
  });
  expect(await say('import', file, '--into-full', ...into)).toMatchObject({ failed: false });
  expect(await say('import', file, '--workspace', 'b', ...into)).toMatchObject({
    failed: true,
    text: expect.stringContaining('the backup holds no workspace b'),
  });
  expect(await say('wipe', file, ...into)).toMatchObject({
    failed: true,
    text: `cannot wipe: say which table is to lose all that it holds: --confirm ${target.tableName}\n`,
  });
  expect(await say('wipe', file, '--confirm', target.tableName, ...into)).toMatchObject({ failed: true });
  expect(await target.table.get({ pk: 'WS#a', sk: 'WS' })).toMatchObject({ id: 'a' });
});
