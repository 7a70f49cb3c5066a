import type { Connect } from '../provider.ts';
import { accountOf } from './account-of.ts';
import { createAwsProvider } from './aws-provider.ts';
import { createEc2Client } from './ec2-client.ts';
import { createSessionOf, type SessionOf } from './session-of-role.ts';

/** A try may take 10 s, so that a step of the state machine, which has a minute, sees its failure. RunInstances takes 1 to 5 s. */
const withinMs = 10_000;

/** What may be tried again, the state machine does. */
export const createConnectAws =
  (sessionOf: SessionOf): Connect =>
  (connection) =>
    createAwsProvider(createEc2Client(connection, sessionOf, withinMs), accountOf(connection));

export const connectAws = createConnectAws(createSessionOf());
