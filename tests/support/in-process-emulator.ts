import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { emulatorAnswers, emulatorCommand } from '../../local/emulator/start-emulator.ts';
import { emulatorUrl, readSettings } from '../../local/settings.ts';
import { findPort } from './ports.ts';

export interface InProcessEmulator {
  /** What every client of it is made with. */
  client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  stop(): Promise<void>;
}

const startWithinMs = 30_000;

/** An emulator for one test file: a port of its own, nothing kept. It ends with this process, however that ends. */
export async function startInProcessEmulator(more: Record<string, string> = {}): Promise<InProcessEmulator> {
  const dir = mkdtempSync(join(tmpdir(), 'skyclust-emulator-'));
  const defaults = readSettings();
  const ports = { ...defaults.ports, emulator: await findPort() };
  const settings = {
    ...defaults,
    dir,
    ports,
    // Nothing is deployed here, so there are no roles for IAM to go by.
    emulatorEnv: { AUTH: 'false', PERSIST_STATE: '0', S3_PERSIST: '0', LOG_LEVEL: 'WARNING', ...more },
  };
  const { file, args, env } = emulatorCommand(settings);
  const child = spawn(process.env['EMULATOR_PYTHON'] ?? file, [...args, '--attached'], {
    env: { ...env, TMPDIR: dir },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2_000);
  });
  let ended = false;
  const end = new Promise<void>((done) => {
    child.once('error', (error) => {
      complaint += error.message;
      ended = true;
      done();
    });
    child.once('exit', () => {
      ended = true;
      done();
    });
  });
  const stop = async () => {
    if (!ended) child.kill('SIGKILL');
    await end;
    rmSync(dir, { recursive: true, force: true, maxRetries: 10 });
  };
  const deadline = Date.now() + startWithinMs;
  while (!(await emulatorAnswers(settings)) || ended) {
    if (ended || Date.now() > deadline) {
      await stop();
      throw new Error(`cannot start the emulator (npm start makes its Python environment): ${complaint}`);
    }
    await pause(50);
  }
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { client: { endpoint: emulatorUrl(settings), region: settings.region, credentials }, stop };
}
