import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { root } from '../../../local/settings.ts';
// biome-ignore lint/correctness/useImportExtensions: plain JavaScript, which runs on whatever Node is there
import { takeLock } from '../../../local/setup/lock.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skyclust-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a lock is had by one at a time, and free again after its release', () => {
  const lock = takeLock(join(folder, 'lock'));
  expect(takeLock(join(folder, 'lock')).holder).toBe(process.pid);
  lock.release?.();
  expect(takeLock(join(folder, 'lock')).release).toBeDefined();
});

it('of many processes that find a dead holder one takes over', async () => {
  mkdirSync(join(folder, 'lock'));
  writeFileSync(join(folder, 'lock/holder.json'), JSON.stringify({ pid: process.pid, start: 'long ago' }));
  const code = `
    import { takeLock } from ${JSON.stringify(join(root, 'local/setup/lock.mjs'))};
    console.log(takeLock(${JSON.stringify(join(folder, 'lock'))}).holder === undefined ? 'mine' : 'taken');
    process.stdin.resume();
  `;
  // Each lives until all have answered: a holder that had ended would be a dead one for the next.
  const takers = Array.from({ length: 8 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  const answers = await Promise.all(takers.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]).trim()));
  for (const { stdin } of takers) stdin.end();
  await Promise.all(takers.map((taker) => once(taker, 'close')));
  expect(answers.sort()).toEqual(['mine', ...Array(7).fill('taken')]);
  expect(readdirSync(folder)).toEqual(['lock']);
});
