import { createHmac } from 'node:crypto';
import {
  type CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { ask } from './cognito-call.ts';

interface AppClient {
  secret: string;
  /** How long a refresh token lives. */
  sessionSeconds: number;
}

const unitSeconds: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };
/** What a client has that sets nothing. */
const defaultDays = 30;

/**
 * Reads the app client once a process, at the first sign-in: its secret stands in no environment variable. A failed reading is not kept. The secret of
 * a client never changes; a client that replaces it is another deployment of the function.
 */
export function createAppClientReader({
  client,
  userPoolId,
  clientId,
}: {
  client: CognitoIdentityProviderClient;
  userPoolId: string;
  clientId: string;
}): () => Promise<AppClient> {
  let reading: Promise<AppClient> | undefined;

  async function read(): Promise<AppClient> {
    const command = new DescribeUserPoolClientCommand({ UserPoolId: userPoolId, ClientId: clientId });
    const { UserPoolClient: found } = await ask((options) => client.send(command, options));
    if (found?.ClientSecret === undefined) throw new Error('cannot sign in: the app client has no secret');
    const unit = unitSeconds[found.TokenValidityUnits?.RefreshToken ?? 'days'] ?? 1;
    return { secret: found.ClientSecret, sessionSeconds: (found.RefreshTokenValidity ?? defaultDays) * unit };
  }

  return () => {
    reading ??= read().catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    return reading;
  };
}

/** What a client with a secret proves itself by, for this user name. */
export const secretHash = (username: string, clientId: string, secret: string): string =>
  createHmac('sha256', secret)
    .update(username + clientId)
    .digest('base64');
