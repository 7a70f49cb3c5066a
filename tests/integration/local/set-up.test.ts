import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../../../local/settings.ts';
// biome-ignore lint/correctness/useImportExtensions: plain JavaScript, which runs on whatever Node is there
import { checkMachine, checkOwnNode, checkPython } from '../../../local/setup/check-machine.mjs';
// biome-ignore lint/correctness/useImportExtensions: as above
import { startOf } from '../../../local/setup/identity.mjs';
import { runProgram } from './command.ts';

const linux = { platform: 'linux', arch: 'x64' };

describe('the check of the machine', () => {
  it('takes Node 20 and newer on Linux and macOS', () => {
    expect(checkMachine({ version: 'v20.20.2', ...linux })).toBeUndefined();
    expect(checkMachine({ version: 'v24.0.0', platform: 'darwin', arch: 'arm64' })).toBeUndefined();
  });

  it('says in one sentence which Node is needed and which is there', () => {
    expect(checkMachine({ version: 'v18.19.0', ...linux })).toBe(
      'Node 20 or newer is needed and this is v18.19.0: install Node 24 (https://nodejs.org) and run the command again.',
    );
  });

  it('refuses systems it was not made for', () => {
    expect(checkMachine({ version: 'v24.0.0', platform: 'win32', arch: 'x64' })).toContain('WSL 2');
  });

  it('wants Node 24 itself where none is packaged', () => {
    expect(checkOwnNode('v24.1.0')).toBeUndefined();
    expect(checkOwnNode('v22.9.0')).toContain('this is v22.9.0');
  });

  it('takes Python 3.10 and newer, and says what is wrong with another', () => {
    expect(checkPython(() => '3.10\n')).toBeUndefined();
    expect(checkPython(() => '3.9\n')).toContain('Python 3.10 or newer is needed and python3 is 3.9');
  });
});

describe('npm start in a fresh clone', () => {
  let clone: string;
  let bin: string;
  beforeEach(() => {
    clone = mkdtempSync(join(tmpdir(), 'skyclust-clone-'));
    bin = join(clone, 'bin');
    mkdirSync(bin);
    for (const path of ['local', 'package.json', 'package-lock.json'])
      cpSync(join(root, path), join(clone, path), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  });
  afterEach(() => rmSync(clone, { recursive: true, force: true }));

  const start = () =>
    runProgram(process.execPath, [join(clone, 'local/main.mjs'), 'start'], { PATH: bin, HOME: clone });
  const python = (script: string) => {
    writeFileSync(join(bin, 'python3'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, 'python3'), 0o755);
  };
  const sentence = (text: string) => text.trim().split('\n');

  it('says in one sentence that python3 is missing, and how to get it', async () => {
    const { code, text } = await start();
    expect(code).toBe(1);
    expect(sentence(text)).toEqual([
      expect.stringMatching(/^python3 is missing: install Python 3\.10 or newer .*apt-get/),
    ]);
  });

  it('says so of an old one', async () => {
    python('echo 3.8');
    expect(sentence((await start()).text)).toEqual([
      expect.stringMatching(/^Python 3\.10 or newer is needed and python3 is 3\.8/),
    ]);
  });

  it('says so of one without venv', async () => {
    python('exit 1');
    expect(sentence((await start()).text)).toEqual([
      expect.stringMatching(/^python3 has no venv module: .*python3-venv/),
    ]);
  });

  it('tells what pip said when it fails, and leaves no half-made environment for the next start', async () => {
    python('case "$1" in -c) echo 3.11;; *) echo "no space left" >&2; exit 7;; esac');
    const { code, text } = await start();
    expect(code).toBe(1);
    expect(text).toContain('no space left');
    python('echo 3.8');
    expect((await start()).text).toContain('Python 3.10 or newer is needed');
  });

  it('refuses a command it does not have, naming those it has', async () => {
    const { code, text } = await runProgram(process.execPath, [join(clone, 'local/main.mjs'), 'strat'], { PATH: bin });
    expect(code).toBe(1);
    expect(text).toContain('start, stop, reset, status, logs, test');
  });

  it('stop, before anything is installed, says to start first', async () => {
    rmSync(join(clone, 'node_modules'));
    const { code, text } = await runProgram(process.execPath, [join(clone, 'local/main.mjs'), 'stop'], { PATH: bin });
    expect({ code, text }).toEqual({ code: 1, text: 'Nothing is installed here yet: run npm start first.\n' });
  });

  it('is refused while another command sets the clone up, and goes on after that one died', async () => {
    python('echo 3.8');
    const holder = join(clone, '.local-setup/lock/holder.json');
    mkdirSync(dirname(holder), { recursive: true });
    writeFileSync(holder, JSON.stringify({ pid: process.pid, start: startOf(process.pid) }));
    expect((await start()).text).toContain(`Another command (process ${process.pid}) is setting this folder up`);
    // Its process id is another program's by now.
    writeFileSync(holder, JSON.stringify({ pid: process.pid, start: 'long ago' }));
    expect((await start()).text).toContain('python3 is 3.8');
  });
});
