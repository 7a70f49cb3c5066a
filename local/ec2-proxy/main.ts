import { join } from 'node:path';
import { endWithParent } from '../processes/attached.ts';
import { readSettings } from '../settings.ts';
import { createFileStore } from './client-tokens.ts';
import { createEc2Proxy } from './create-ec2-proxy.ts';

endWithParent();
const settings = readSettings();
const target = process.env.EC2_TARGET;
if (target === undefined) throw new Error('cannot start the EC2 proxy: EC2_TARGET is not set');
const { server } = createEc2Proxy({ target, store: createFileStore(join(settings.dir, 'ec2', 'client-tokens.json')) });
server.listen({ host: '127.0.0.1', port: settings.ports.ec2 }, () => console.log(`EC2 at ${settings.ports.ec2}`));
