import { processNames, stopProcess } from './processes/background.ts';
import { GRACE_MS } from './processes/ensure.ts';
import type { Settings } from './settings.ts';
import { findProcesses } from './start-stack.ts';

/** Ends all processes of the stack, the edge first. Answers the names of those that ran and of those ended by force. */
export const stopStack = async (settings: Settings): Promise<{ stopped: string[]; forced: string[] }> => {
  const stopped = findProcesses(settings).map(({ name }) => name);
  const forced: string[] = [];
  for (const name of processNames) {
    if (await stopProcess(settings, name, GRACE_MS)) forced.push(name);
  }
  return { stopped, forced };
};
