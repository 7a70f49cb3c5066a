import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { readEnv } from '../env.ts';
import { createLogger } from '../logger.ts';
import { singleTry } from '../retry/single-try.ts';
import { createRelay } from './create-relay.ts';
import { createEventBus } from './event-bus.ts';
import { createFailedRecords } from './failed-records.ts';
import type { Derivations } from './relay-changes.ts';
import { stateMachinesFromEnv } from './state-machines-from-env.ts';

/** The relay as its function runs it, made once a process. */
export function relayFromEnv(derivations: Derivations) {
  const env = readEnv({ BUS_NAME: 'string', RELAY_FAILURES_QUEUE_URL: 'string' });
  return createRelay({
    derivations,
    bus: createEventBus({ client: new EventBridgeClient(singleTry), busName: env.BUS_NAME }),
    machines: stateMachinesFromEnv(),
    failedRecords: createFailedRecords({ queueUrl: env.RELAY_FAILURES_QUEUE_URL }),
    log: createLogger(),
  });
}
