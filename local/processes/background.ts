import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Settings } from '../settings.ts';
import { startOf } from '../setup/identity.mjs';

/** The processes of a running stack, in the order in which they stop. */
export const processNames = ['edge', 'emulator', 'ec2-proxy', 'ec2'] as const;
export type ProcessName = (typeof processNames)[number];

export interface Running {
  pid: number;
  /** ISO 8601. */
  since: string;
  /** Of the program and its settings: another one wants a restart. */
  fingerprint: string;
  port: number;
}

interface ProcessRecord extends Running {
  start: string;
}

const LOG_LIMIT_BYTES = 20 * 1024 * 1024;

export const logFile = (settings: Settings, name: string): string => join(settings.dir, 'logs', `${name}.log`);
/** What a process makes for its own use while it runs: emptied when it starts, gone when it stops, in no shared folder. */
const scratchFolder = (settings: Settings, name: ProcessName): string => join(settings.dir, 'tmp', name);
const removeScratch = (settings: Settings, name: ProcessName): void =>
  // Its children may be ending still.
  rmSync(scratchFolder(settings, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
const recordFile = (settings: Settings, name: ProcessName): string => join(settings.dir, 'run', `${name}.json`);

/** The process of this name if it runs; a record that a crash or a reboot left behind counts as nothing. */
export const findProcess = (settings: Settings, name: ProcessName): Running | undefined => {
  try {
    const record = JSON.parse(readFileSync(recordFile(settings, name), 'utf8')) as ProcessRecord;
    return startOf(record.pid) === record.start ? record : undefined;
  } catch {
    return undefined;
  }
};

export interface Command {
  file: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Where it will listen. */
  port: number;
  fingerprint: string;
  /** End when this process does, instead of running on in the background. The program must watch its standard input. */
  attached?: boolean;
}

/** Starts a program whose output goes to the log of that name. */
export const startProcess = (settings: Settings, name: ProcessName, command: Command): Running => {
  mkdirSync(join(settings.dir, 'run'), { recursive: true });
  mkdirSync(join(settings.dir, 'logs'), { recursive: true });
  removeScratch(settings, name);
  const scratch = scratchFolder(settings, name);
  mkdirSync(scratch, { recursive: true });
  // Functions are unpacked there: to them it is no part of the package around it, whose modules are ECMAScript's.
  writeFileSync(join(scratch, 'package.json'), '{}');
  const log = logFile(settings, name);
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) renameSync(log, `${log}.1`);
  const output = openSync(log, 'a');
  const child = spawn(command.file, command.attached ? [...command.args, '--attached'] : command.args, {
    cwd: settings.root,
    env: { ...command.env, TMPDIR: scratch },
    detached: true,
    stdio: [command.attached ? 'pipe' : 'ignore', output, output],
  });
  if (child.pid === undefined) throw new Error(`cannot start ${name}: ${command.file} does not run`);
  child.unref();
  (child.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  const { port, fingerprint } = command;
  const record: ProcessRecord = {
    pid: child.pid,
    start: startOf(child.pid) ?? '',
    since: new Date().toISOString(),
    fingerprint,
    port,
  };
  writeFileSync(recordFile(settings, name), JSON.stringify(record));
  return record;
};

/** Ends the process and, by force, all that it started: a snapshot that goes on being written would bring its folder back. */
const send = (pid: number, signal: 'SIGTERM' | 'SIGKILL'): boolean =>
  // Each process that is started here leads a group.
  process.kill(signal === 'SIGKILL' ? -pid : pid, signal);

/** Asks the process to end and waits; ends it by force after `graceMs`. True when it had to. */
export const stopProcess = async (
  settings: Settings,
  name: ProcessName,
  graceMs: number,
  signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM',
): Promise<boolean> => {
  const running = findProcess(settings, name);
  if (running === undefined) {
    removeScratch(settings, name);
    return false;
  }
  send(running.pid, signal);
  const forced = !(await ended(settings, name, graceMs));
  if (forced) {
    send(running.pid, 'SIGKILL');
    await ended(settings, name, 2000);
  }
  removeScratch(settings, name);
  rmSync(recordFile(settings, name), { force: true });
  return forced;
};

const ended = async (settings: Settings, name: ProcessName, withinMs: number): Promise<boolean> => {
  const deadline = Date.now() + withinMs;
  while (findProcess(settings, name) !== undefined) {
    if (Date.now() > deadline) return false;
    await pause(25);
  }
  return true;
};

/** The last lines that a process wrote, for an error message. */
export const lastLines = (settings: Settings, name: ProcessName, count = 5): string => {
  try {
    return readFileSync(logFile(settings, name), 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
};
