import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { readEnv } from '../env.ts';
import { createLogger } from '../logger.ts';
import { singleTry } from '../retry/single-try.ts';
import { createRelay } from './create-relay.ts';
import { createEventBus } from './event-bus.ts';
import { createFailedRecords } from './failed-records.ts';
import type { Derivations } from './relay-changes.ts';
import { createStateMachines } from './state-machines.ts';

/** The relay as its function runs it, made once a process. */
export function relayFromEnv(derivations: Derivations) {
  const env = readEnv({ BUS_NAME: 'string', STATE_MACHINE_ARN_PREFIX: 'string', RELAY_FAILURES_QUEUE_URL: 'string' });
  return createRelay({
    derivations,
    bus: createEventBus({ client: new EventBridgeClient(singleTry), busName: env.BUS_NAME }),
    machines: createStateMachines({ client: new SFNClient(singleTry), arnPrefix: env.STATE_MACHINE_ARN_PREFIX }),
    failedRecords: createFailedRecords({ client: new SQSClient(singleTry), queueUrl: env.RELAY_FAILURES_QUEUE_URL }),
    log: createLogger(),
  });
}
