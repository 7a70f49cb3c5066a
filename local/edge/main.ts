import { join } from 'node:path';
import { readOriginSecret, readOutputs } from '../deploy/outputs.ts';
import { endWithParent } from '../processes/attached.ts';
import { readSettings } from '../settings.ts';
import { createEdge } from './create-edge.ts';

endWithParent();
const settings = readSettings();
const outputs = readOutputs(settings);
const options = {
  emulatorPort: settings.ports.emulator,
  httpApiId: outputs.HttpApiId ?? '',
  socketApiId: outputs.SocketApiId ?? '',
  originSecret: await readOriginSecret(settings, outputs),
  siteFolder: join(settings.root, 'dist', 'site'),
};

// `localhost` is either of the two; a machine without IPv6 has only the first.
for (const host of ['127.0.0.1', '::1']) {
  const server = createEdge(options);
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (host === '::1' && error.code === 'EADDRNOTAVAIL') return;
    console.error(`cannot listen at ${host}: ${error.message}`);
    process.exit(1);
  });
  server.listen({ host, port: settings.ports.edge }, () => console.log(`edge at ${host}:${settings.ports.edge}`));
}
