import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, root, type Settings } from '../../../local/settings.ts';
import { findPort } from '../../support/ports.ts';

export interface Ended {
  code: number | null;
  /** Standard output and error together. */
  text: string;
}

/** Runs a program to its end. */
export const runProgram = (file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> =>
  new Promise((done, fail) => {
    const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (text += part));
    child.on('error', fail);
    child.on('close', (code) => done({ code, text }));
  });

export interface Place {
  settings: Settings;
  /** Runs `node local/main.mjs <command> …` there. */
  run(command: string, ...args: string[]): Promise<Ended>;
  env: NodeJS.ProcessEnv;
  /** The folder that its commands have for temporary files, which they share with all else on the machine. */
  shared: string;
  /** Stops what runs and removes the folder. */
  leave(): Promise<void>;
}

/** A state folder and ports for one stack of the sample app, driven by its commands as a user does. */
export const makePlace = async (): Promise<Place> => {
  const dir = mkdtempSync(join(tmpdir(), 'skyclust-local-'));
  const shared = mkdtempSync(join(tmpdir(), 'skyclust-shared-'));
  const own = {
    TMPDIR: shared,
    LOCAL_DIR: dir,
    LOCAL_APP: join(root, 'tests/support/sample-app'),
    PORT: String(await findPort()),
    EMULATOR_PORT: String(await findPort()),
    EC2_PORT: String(await findPort()),
  };
  const env = { ...process.env, ...own };
  const run = (...args: string[]) => runProgram(process.execPath, [join(root, 'local/main.mjs'), ...args], env);
  const leave = async () => {
    await run('reset');
    for (const folder of [dir, shared]) rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  return { settings: readSettings(env), run, env, shared, leave };
};
