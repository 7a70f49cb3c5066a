import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readSettings } from './settings.ts';
import { endWith } from './setup/report.mjs';
import { stopStack } from './stop-stack.ts';

// By name: the folder is the user's to choose, and may hold other things.
const kept = ['state', 's3', 'ec2', 'cdk.out', 'logs', 'run', 'tmp', 'lock', 'outputs.json', 'endpoints.json'];

try {
  const settings = readSettings();
  await stopStack(settings, 'SIGKILL');
  for (const name of kept) rmSync(join(settings.dir, name), { recursive: true, force: true });
  console.log(`All data of ${relative(process.cwd(), settings.dir) || settings.dir} is gone. npm start begins anew.`);
} catch (error) {
  endWith(error);
}
