import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { processNames } from './processes/background.ts';
import { readSettings, root } from './settings.ts';
import { endWith } from './setup/report.mjs';
import { endpointsOf, findProcesses } from './start-stack.ts';

const pinned = (name: string): string =>
  new RegExp(`^${name}==(.+)$`, 'm').exec(readFileSync(join(root, 'local/requirements.txt'), 'utf8'))?.[1] ?? '?';

// Ends with 0 when all of it runs, 3 when nothing does, 1 when some of it does.
try {
  const settings = readSettings();
  const running = findProcesses(settings);
  for (const name of processNames) {
    const found = running.find((each) => each.name === name);
    console.log(
      `  ${name.padEnd(10)} ${found ? `port ${found.port}, process ${found.pid}, since ${found.since}` : 'does not run'}`,
    );
  }
  console.log(`\n  state      ${settings.dir}${existsSync(settings.dir) ? '' : ' (none yet)'}`);
  console.log(`  versions   Node ${process.versions.node}, MiniStack ${pinned('ministack')}, moto ${pinned('moto')}`);
  if (running.length === processNames.length) {
    console.log(
      `\n${Object.entries(endpointsOf(settings))
        .map(([name, url]) => `  ${name.padEnd(14)} ${url}`)
        .join('\n')}`,
    );
  } else {
    console.log(
      running.length === 0 ? '\nIt does not run: npm start.' : '\nIt runs in part: npm start brings the rest up.',
    );
  }
  process.exitCode = running.length === processNames.length ? 0 : running.length === 0 ? 3 : 1;
} catch (error) {
  endWith(error);
}
