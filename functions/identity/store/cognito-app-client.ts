import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { DescribeUserPoolClientCommand } from '@aws-sdk/client-cognito-identity-provider';
import type { Pace } from '../../platform/retry/series.ts';
import { ask, isOverQuota } from './cognito-call.ts';
import type { Pool } from './cognito-client.ts';

interface AppClient {
  secret: string;
  /** How long a refresh token lives. */
  sessionSeconds: number;
}

const unitSeconds: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };
/** What a client has that sets nothing. */
const defaultDays = 30;

/**
 * A pool answers this call 5 times a second, its other calls 50 and more; and when a crowd comes, or a deployment has ended all processes, dozens begin at
 * once. So where it is over the quota it is asked again, spread over 8 of the 20 seconds that the function has: some 40 processes get their answer.
 */
const patience = { totalMs: 8_000, firstWaitMs: 500, mostWaitMs: 2_000 };

/**
 * Reads the app client once a process, at the first sign-in: its secret stands in no environment variable. A failed reading is not kept. The secret of
 * a client never changes; a client that replaces it is another deployment of the function.
 */
export function createAppClientReader(
  { client, userPoolId, clientId }: Pool,
  { random = Math.random, delay = wait, now = () => performance.now() }: Partial<Pace> = {},
): () => Promise<AppClient> {
  let reading: Promise<AppClient> | undefined;

  async function read(): Promise<AppClient> {
    const command = new DescribeUserPoolClientCommand({ UserPoolId: userPoolId, ClientId: clientId });
    const { UserPoolClient: found } = await ask((options) => client.send(command, options));
    if (found?.ClientSecret === undefined) throw new Error('cannot sign in: the app client has no secret');
    const unit = unitSeconds[found.TokenValidityUnits?.RefreshToken ?? 'days'] ?? 1;
    return { secret: found.ClientSecret, sessionSeconds: (found.RefreshTokenValidity ?? defaultDays) * unit };
  }

  async function readPatiently(): Promise<AppClient> {
    const began = now();
    for (let longestMs = patience.firstWaitMs; ; longestMs = Math.min(2 * longestMs, patience.mostWaitMs)) {
      try {
        return await read();
      } catch (error) {
        const waitMs = random() * longestMs;
        if (!isOverQuota(error) || now() - began + waitMs > patience.totalMs) throw error;
        await delay(waitMs);
      }
    }
  }

  return () => {
    reading ??= readPatiently().catch((error: unknown) => {
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
