import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process began, in whatever unit the system tells it; undefined when there is no such process (or only its
 * zombie). With the process id it names one process for good: ids are used again, after a reboot above all.
 */
export const startOf = (pid) => {
  if (process.platform === 'linux') {
    try {
      // Field 22 of stat(5); the command in parentheses may hold spaces, so count from after it.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      return fields[0] === 'Z' ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
};
