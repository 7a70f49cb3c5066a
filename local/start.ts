import { readSettings } from './settings.ts';
import { endWith } from './setup/report.mjs';
import { startStack } from './start-stack.ts';

// Leaves in order: the lock is released, and a deployment that is under way ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));

const began = Number(process.env['BEGAN_AT'] ?? performance.timeOrigin);
try {
  const settings = readSettings();
  const endpoints = await startStack(settings);
  console.log(`
SkyClust is up after ${((Date.now() - began) / 1000).toFixed(1)} s.

  dashboard   ${endpoints.dashboard_url}
  API         ${endpoints.api_url}
  its pages   ${endpoints.docs_url}
  WebSocket   ${endpoints.ws_url}

Make the first account, who becomes the admin:

  curl -s ${endpoints.api_url}/auth/register -H 'content-type: application/json' \\
    -d '{"email":"you@example.com","password":"a long Passw0rd!","name":"You"}'

It runs on in the background: npm run status, npm run logs, npm run stop.`);
} catch (error) {
  endWith(error);
}
