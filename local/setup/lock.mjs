import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOf } from './identity.mjs';

const holderOf = (folder) => {
  try {
    return JSON.parse(readFileSync(join(folder, 'holder.json'), 'utf8'));
  } catch {
    return undefined;
  }
};

const remove = (folder) => rmSync(folder, { recursive: true, force: true });

// A folder does not replace one that holds something: of two that try at once one succeeds.
const moved = (from, to) => {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (['EEXIST', 'ENOTEMPTY', 'ENOENT'].includes(error.code)) return false;
    throw error;
  }
};

/**
 * Takes a lock that is a folder: there while it is held, gone with `release`. What a crash left behind is taken over.
 * Answers the process id of the holder when another one has it.
 */
export const takeLock = (folder) => {
  const mine = `${folder}.${process.pid}`;
  mkdirSync(mine, { recursive: true });
  writeFileSync(join(mine, 'holder.json'), JSON.stringify({ pid: process.pid, start: startOf(process.pid) }));
  while (!moved(mine, folder)) {
    const holder = holderOf(folder);
    if (holder !== undefined && startOf(holder.pid) === holder.start) {
      remove(mine);
      return { holder: holder.pid };
    }
    const left = `${mine}.left`;
    if (!moved(folder, left)) continue;
    // Another taker may have been quicker: then that was its lock, and not the one left behind.
    if (holderOf(left)?.pid === holder?.pid) remove(left);
    else moved(left, folder);
  }
  let held = true;
  const release = () => {
    if (held) remove(folder);
    held = false;
  };
  return { release };
};
