import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { root } from '../../../local/settings.ts';
// biome-ignore lint/correctness/useImportExtensions: plain JavaScript, which runs on whatever Node is there
import { takeLock } from '../../../local/setup/lock.mjs';
import { runProgram } from './command.ts';

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
    setTimeout(() => {}, 1500);
  `;
  const takers = Array.from({ length: 8 }, () =>
    runProgram(process.execPath, ['--input-type=module', '-e', code], process.env),
  );
  const answers = (await Promise.all(takers)).map(({ text }) => text.trim()).sort();
  expect(answers).toEqual(['mine', ...Array(7).fill('taken')]);
  expect(readdirSync(folder)).toEqual(['lock']);
});
