// Runs the commands of the local stack: node local/main.mjs start | stop | reset | status | logs [function] | test
// Plain JavaScript without dependencies, for whatever Node is there: it installs what the rest needs.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const commands = ['start', 'stop', 'reset', 'status', 'logs', 'test'];
const installing = ['start', 'test'];

const end = (message) => {
  console.error(message);
  process.exit(1);
};

// The packaged Node for Linux is linked against glibc; Alpine, for one, has none.
const hasLoader = () =>
  process.platform !== 'linux' || existsSync('/lib64/ld-linux-x86-64.so.2') || existsSync('/lib/ld-linux-aarch64.so.1');

const main = async ([command = '', ...args]) => {
  const { checkMachine, checkOwnNode } = await import('./setup/check-machine.mjs');
  const problem = checkMachine({ version: process.version, platform: process.platform, arch: process.arch });
  if (problem) end(problem);
  if (!commands.includes(command)) end(`There is no command ${command}: use one of ${commands.join(', ')}.`);

  if (installing.includes(command)) {
    const { takeLock } = await import('./setup/lock.mjs');
    const { install } = await import('./setup/install.mjs');
    const { endWith } = await import('./setup/report.mjs');
    const lock = takeLock(join(root, '.local-setup', 'lock'));
    if (lock.holder !== undefined)
      end(
        `Another command (process ${lock.holder}) is setting this folder up: wait until it is ready, then run this again.`,
      );
    process.on('exit', lock.release);
    await install(root).catch(endWith);
    lock.release();
  } else if (!existsSync(join(root, 'node_modules', '.package-lock.json'))) {
    end('Nothing is installed here yet: run npm start first.');
  }

  const packaged = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  const node = existsSync(packaged) && hasLoader() ? packaged : process.execPath;
  if (node === process.execPath) {
    const tooOld = checkOwnNode(process.version);
    if (tooOld) end(tooOld);
  }
  const program =
    command === 'test'
      ? [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run']
      : [join(root, 'local', `${command}.ts`)];
  // When the command was given: what it installed counts as well.
  const env = {
    ...process.env,
    BEGAN_AT: String(performance.timeOrigin),
    PATH: `${dirname(node)}:${process.env.PATH}`,
  };
  const child = spawn(node, [...program, ...args], { stdio: 'inherit', env });
  // The child is told by the terminal too; this process only waits for how it ends.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => end(`cannot run ${node}: ${error.message}`));
  child.on('exit', (code) => process.exit(code === null ? 1 : code));
};

main(process.argv.slice(2)).catch((error) => end(error.stack));
