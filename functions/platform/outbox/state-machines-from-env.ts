import { SFNClient } from '@aws-sdk/client-sfn';
import { readEnv } from '../env.ts';
import { singleTry } from '../retry/single-try.ts';
import { createStateMachines, type StateMachines } from './state-machines.ts';

/** The stage's own state machines, made once a process. */
export function stateMachinesFromEnv(): StateMachines {
  const { STATE_MACHINE_ARN_PREFIX: arnPrefix } = readEnv({ STATE_MACHINE_ARN_PREFIX: 'string' });
  return createStateMachines({ client: new SFNClient(singleTry), arnPrefix });
}
