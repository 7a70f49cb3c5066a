import type { AddressInfo } from 'node:net';
import { createEc2Proxy, type Ec2Fault, type Ec2Proxy } from '../../../local/ec2-proxy/create-ec2-proxy.ts';
import { ec2Url, emulatorUrl } from '../../../local/settings.ts';
import { type DynamodbProxy, startDynamodbProxy } from '../../support/dynamodb-proxy.ts';
import { startStack } from '../../support/emulator.ts';
import type { SharedStack } from '../../support/global-setup.ts';

export interface PlannedEc2Fault {
  action: string;
  fault: Ec2Fault;
  /** Each call of the action, until it is cleared; else the next one alone. */
  always?: true;
}

/** A deployed stack of its own whose functions reach the table and EC2 through proxies that can fail. Its admin is yet to register. */
export interface FaultedStack extends Omit<SharedStack, 'admin'> {
  dynamodb: DynamodbProxy;
  ec2: Pick<Ec2Proxy, 'calls' | 'faults'> & {
    plan(...faults: PlannedEc2Fault[]): void;
    /** How many of those planned for one call have not met theirs; forgets all. */
    clear(): number;
  };
  stop(): Promise<void>;
}

const limits = JSON.stringify({ user: 100_000, anonymous: 100_000, sign_in: 100_000 });

export async function startFaultedStack(dir: string): Promise<FaultedStack> {
  const targets = { dynamodb: '', ec2: '' };
  const dynamodb = await startDynamodbProxy({ target: () => targets.dynamodb });
  let planned: PlannedEc2Fault[] = [];
  const ec2 = createEc2Proxy({
    get target() {
      return targets.ec2;
    },
    onRequest({ action }) {
      const met = planned.find((each) => each.action === action);
      if (met !== undefined && met.always !== true) planned = planned.filter((each) => each !== met);
      return met?.fault;
    },
  });
  await new Promise<void>((done) => ec2.server.listen(0, '127.0.0.1', done));
  const stopProxies = async () => {
    ec2.server.closeAllConnections();
    ec2.server.close();
    await dynamodb.stop();
  };
  try {
    const stack = await startStack({
      dir,
      context: { limits },
      emulatorEnv(settings) {
        targets.dynamodb = emulatorUrl(settings);
        targets.ec2 = ec2Url(settings);
        return {
          AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
          AWS_ENDPOINT_URL_EC2: `http://127.0.0.1:${(ec2.server.address() as AddressInfo).port}`,
          // A workflow's waits between its tries take no time.
          SFN_WAIT_SCALE: '0',
        };
      },
    });
    return {
      ...stack.endpoints,
      outputs: stack.outputs,
      client: stack.client,
      ec2_url: targets.ec2,
      dynamodb,
      ec2: {
        calls: ec2.calls,
        faults: ec2.faults,
        plan: (...faults) => void planned.push(...faults),
        clear() {
          const unmet = planned.filter(({ always }) => always !== true).length;
          planned = [];
          return unmet;
        },
      },
      async stop() {
        await stack.stop();
        await stopProxies();
      },
    };
  } catch (error) {
    await stopProxies();
    throw error;
  }
}
