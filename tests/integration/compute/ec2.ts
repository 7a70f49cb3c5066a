import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  createEc2Proxy,
  type Ec2Fault,
  type Ec2Proxy,
  type Ec2Request,
} from '../../../local/ec2-proxy/create-ec2-proxy.ts';
import { ec2Answers, ec2Command } from '../../../local/emulator/start-emulator.ts';
import { readSettings } from '../../../local/settings.ts';
import { findPort } from '../../support/ports.ts';

interface PlannedFault {
  action: string;
  fault: Ec2Fault;
}

export interface Ec2 {
  /** For `AWS_ENDPOINT_URL_EC2`. */
  endpoint: string;
  proxy: Ec2Proxy;
  /** The next call of this action meets the fault. */
  plan(action: string, fault: Ec2Fault): void;
  /** Faults that were planned and have not fired. */
  pending(): number;
  /** Drops what was planned and has not fired. */
  clear(): void;
  /** What came in, in order. */
  requests: Ec2Request[];
  stop(): Promise<void>;
}

const startWithinMs = 30_000;

/** moto's EC2 behind the proxy that honours ClientToken, on ports of their own; both end with this process. */
export async function startEc2(): Promise<Ec2> {
  const dir = mkdtempSync(join(tmpdir(), 'skyclust-ec2-'));
  const settings = { ...readSettings(), dir };
  const port = await findPort();
  const { file, args, env } = ec2Command(settings, port);
  const python = process.env['EMULATOR_PYTHON'] ?? file;
  const moto = spawn(python, [...args, '--attached'], {
    env: { ...env, TMPDIR: dir },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = new Promise<void>((done) => moto.once('exit', () => done()));
  const deadline = Date.now() + startWithinMs;
  const hasEnded = () => moto.exitCode !== null || moto.signalCode !== null;
  while (!(await ec2Answers(port)) || hasEnded()) {
    if (Date.now() > deadline || hasEnded())
      throw new Error('cannot start moto (npm start makes its Python environment)');
    await pause(50);
  }
  const planned: PlannedFault[] = [];
  const requests: Ec2Request[] = [];
  const proxy = createEc2Proxy({
    target: `http://127.0.0.1:${port}`,
    onRequest: (request) => {
      requests.push(request);
      const at = planned.findIndex(({ action }) => action === request.action);
      return at < 0 ? undefined : planned.splice(at, 1)[0]?.fault;
    },
  });
  await new Promise<void>((done) => proxy.server.listen(0, '127.0.0.1', done));
  return {
    endpoint: `http://127.0.0.1:${(proxy.server.address() as AddressInfo).port}`,
    proxy,
    plan: (action, fault) => void planned.push({ action, fault }),
    pending: () => planned.length,
    clear: () => void planned.splice(0),
    requests,
    async stop() {
      proxy.server.close();
      proxy.server.closeAllConnections();
      moto.kill('SIGKILL');
      await ended;
      rmSync(dir, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
