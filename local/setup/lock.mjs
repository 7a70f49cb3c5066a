import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

const holderOf = (folder) => {
  try {
    return Number(readFileSync(join(folder, 'pid'), 'utf8')) || undefined;
  } catch {
    return undefined;
  }
};

// Between making the folder and writing its pid there is a moment in which it seems to be nobody's.
const settle = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);

/**
 * Takes a lock that is a folder: made by one, gone with `release`. What a crash left behind is taken over.
 * Answers the process id of the holder when another one has it.
 */
export const takeLock = (folder) => {
  mkdirSync(dirname(folder), { recursive: true });
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      mkdirSync(folder);
      writeFileSync(join(folder, 'pid'), String(process.pid));
      let held = true;
      const release = () => {
        if (held) rmSync(folder, { recursive: true, force: true });
        held = false;
      };
      return { release };
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = holderOf(folder);
    if (holder !== undefined && alive(holder)) return { holder };
    settle();
    if (holderOf(folder) === holder) rmSync(folder, { recursive: true, force: true });
  }
  return { holder: holderOf(folder) ?? 0 };
};
