import { processNames, stopProcess } from './processes/background.ts';
import { GRACE_MS } from './processes/ensure.ts';
import type { Settings } from './settings.ts';
import { findProcesses } from './start-stack.ts';

/**
 * Ends all processes of the stack, the edge first: with SIGKILL when what they hold is not wanted.
 * Answers the names of those that ran and of those that did not end when asked to.
 */
export const stopStack = async (
  settings: Settings,
  signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM',
): Promise<{ stopped: string[]; forced: string[] }> => {
  const stopped = findProcesses(settings).map(({ name }) => name);
  const forced: string[] = [];
  for (const name of processNames) {
    if (await stopProcess(settings, name, GRACE_MS, signal)) forced.push(name);
  }
  return { stopped, forced };
};
