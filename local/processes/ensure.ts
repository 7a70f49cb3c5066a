import { setTimeout as pause } from 'node:timers/promises';
import type { Settings } from '../settings.ts';
import { Refusal } from '../setup/report.mjs';
import { type Command, findProcess, lastLines, type ProcessName, startProcess, stopProcess } from './background.ts';
import { findHolder, isFree } from './ports.ts';

const START_DEADLINE_MS = 30_000;
export const GRACE_MS = 20_000;

const variables: Partial<Record<ProcessName, string>> = {
  edge: 'PORT',
  emulator: 'EMULATOR_PORT',
  'ec2-proxy': 'EC2_PORT',
};

/** Refuses in one sentence when another program listens where this process will. */
export const requireFreePort = async (name: ProcessName, port: number): Promise<void> => {
  if (await isFree(port)) return;
  const holder = findHolder(port) ?? 'another program';
  const variable = variables[name] ?? 'PORT';
  throw new Refusal(
    `Port ${port} is taken by ${holder}: end that, or set ${variable} to a free port and run the command again.`,
  );
};

// A process counts as ended when its first thread has; its sockets close with the last one.
const released = async (port: number): Promise<void> => {
  for (let tries = 0; tries < 50 && !(await isFree(port)); tries++) await pause(20);
};

/** Whether the process runs already, from the same program with the same settings. */
export const isCurrent = (settings: Settings, name: ProcessName, command: Command): boolean =>
  findProcess(settings, name)?.fingerprint === command.fingerprint;

/** Makes the process run: starts it, or ends one that is not current and starts it anew. True when it was started. */
export const ensureProcess = async (
  settings: Settings,
  name: ProcessName,
  command: Command,
  answers: () => Promise<boolean>,
): Promise<boolean> => {
  if (isCurrent(settings, name, command) && (await answers())) return false;
  if (findProcess(settings, name) !== undefined) {
    await stopProcess(settings, name, GRACE_MS);
    await released(command.port);
  }
  await requireFreePort(name, command.port);
  startProcess(settings, name, command);
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await answers())) {
    if (findProcess(settings, name) === undefined)
      throw new Refusal(`cannot start ${name}: it ended at once\n${lastLines(settings, name)}`);
    if (Date.now() > deadline)
      throw new Refusal(`cannot start ${name}: it does not answer\n${lastLines(settings, name)}`);
    await pause(20);
  }
  return true;
};
