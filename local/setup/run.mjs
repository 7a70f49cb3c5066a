import { spawn } from 'node:child_process';
import { Refusal } from './report.mjs';

const LINES_SHOWN = 15;

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill();
});

/** Runs a program quietly; what it said comes out only when it fails: the first lines that `tells` picks, else the last. */
export const run = (file, args, { tells, ...options } = {}) =>
  new Promise((done, fail) => {
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        output += text;
      });
    }
    child.on('error', fail);
    child.on('close', (code, signal) => {
      running.delete(child);
      if (code === 0) done(output);
      else {
        const lines = output.trimEnd().split('\n');
        const telling = tells ? lines.filter((line) => tells.test(line)) : [];
        const shown = telling.length > 0 ? telling.slice(0, LINES_SHOWN) : lines.slice(-LINES_SHOWN);
        fail(
          new Refusal(
            `cannot run ${[file, ...args].slice(0, 3).join(' ')}: it ended with ${signal ?? code}\n${shown.join('\n')}`,
          ),
        );
      }
    });
  });
