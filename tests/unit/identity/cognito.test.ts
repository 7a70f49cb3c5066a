import { createHmac } from 'node:crypto';
import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import { createCognitoAccounts } from '../../../functions/identity/store/cognito.ts';
import { createAppClientReader } from '../../../functions/identity/store/cognito-app-client.ts';
import { createCognitoClient } from '../../../functions/identity/store/cognito-client.ts';
import { runMetered } from '../../../functions/platform/meter.ts';
import { awsError, networkError } from '../../support/aws-errors.ts';
import { type Step, script } from '../../support/scripted-client.ts';
import { createTokenIssuer } from './token-issuer.ts';

const issuer = createTokenIssuer();
const appClient = {
  UserPoolClient: {
    ClientSecret: 'client secret',
    RefreshTokenValidity: 12,
    TokenValidityUnits: { RefreshToken: 'hours' },
  },
};
const accessToken = issuer.sign(issuer.claimsOf('user-1', 'session-1', { iat: 1_000, exp: 4_600 }));
const signedIn = { AuthenticationResult: { AccessToken: accessToken, RefreshToken: 'a.b.c.d.e', ExpiresIn: 3_600 } };
const sentence = (name: string, message: string) => Object.assign(awsError(name), { message });

function accountsOf(steps: readonly Step[]) {
  const client: CognitoIdentityProviderClient = createCognitoClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return {
    accounts: createCognitoAccounts({ client, userPoolId: 'pool', clientId: 'client' }),
    ...script(client, steps),
  };
}

describe('a sign-in at Cognito', () => {
  it('goes by the admin password flow, proved by the secret that was read once', async () => {
    const { accounts, inputs, commands } = accountsOf([appClient, signedIn, signedIn]);
    const outcome = await accounts.signIn('user-1', 'a password 1');
    await accounts.signIn('user-1', 'a password 1');
    expect(commands).toEqual(['DescribeUserPoolClient', 'AdminInitiateAuth', 'AdminInitiateAuth']);
    expect(inputs[1]).toEqual({
      UserPoolId: 'pool',
      ClientId: 'client',
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: {
        USERNAME: 'user-1',
        PASSWORD: 'a password 1',
        SECRET_HASH: createHmac('sha256', 'client secret').update('user-1client').digest('base64'),
      },
    });
    expect(outcome).toEqual({
      kind: 'signed_in',
      userId: 'user-1',
      sessionId: 'session-1',
      accessToken,
      refreshToken: 'a.b.c.d.e',
      expiresAt: new Date(4_600_000),
      endsAt: new Date(1_000_000 + 12 * 3_600_000),
    });
  });

  it('is refused for whatever is wrong with the pair', async () => {
    const refusals = [
      sentence('NotAuthorizedException', 'Incorrect username or password.'),
      sentence('NotAuthorizedException', 'User is disabled.'),
      sentence('UserNotFoundException', 'User does not exist.'),
      sentence('InvalidParameterException', 'Value at password failed to satisfy constraint'),
      sentence('UserNotConfirmedException', 'User is not confirmed.'),
      sentence('PasswordResetRequiredException', 'Password reset required for the user'),
      { ChallengeName: 'NEW_PASSWORD_REQUIRED', Session: 'session' },
    ];
    const { accounts, commands } = accountsOf([appClient, ...refusals]);
    for (const refusal of refusals) {
      expect(await accounts.signIn('user-1', 'a password 1'), JSON.stringify(refusal)).toEqual({ kind: 'refused' });
    }
    expect(commands).toHaveLength(refusals.length + 1);
  });

  it('is locked when Cognito says so', async () => {
    const { accounts } = accountsOf([appClient, sentence('NotAuthorizedException', 'Password attempts exceeded')]);
    expect(await accounts.signIn('user-1', 'a password 1')).toEqual({ kind: 'locked' });
  });

  it('over the quota, or without its trigger, is SERVICE_UNAVAILABLE at once, with Retry-After', async () => {
    for (const name of ['TooManyRequestsException', 'LimitExceededException', 'UnexpectedLambdaException']) {
      const { accounts, commands } = accountsOf([appClient, awsError(name)]);
      await expect(accounts.signIn('user-1', 'a password 1')).rejects.toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
        retryAfterSeconds: 5,
      });
      expect(commands).toHaveLength(2);
    }
  });

  it('is asked again where the answer was lost, each time metered', async () => {
    const { accounts, commands } = accountsOf([
      appClient,
      awsError('InternalErrorException', 500),
      networkError('ECONNRESET'),
      signedIn,
    ]);
    const spent = await runMetered(async (meter) => {
      expect(await accounts.signIn('user-1', 'a password 1')).toMatchObject({ kind: 'signed_in' });
      return meter.read('cognito');
    });
    expect(spent).toBe(4);
    expect(commands).toHaveLength(4);
  });

  it('that our own set-up makes impossible is an error of ours, not a wrong password', async () => {
    const faults = [
      sentence('NotAuthorizedException', 'Unable to verify secret hash for client 1example'),
      sentence('InvalidParameterException', 'Auth flow not enabled for this client'),
      sentence('ResourceNotFoundException', 'User pool client does not exist.'),
      sentence('AccessDeniedException', 'is not authorized to perform: cognito-idp:AdminInitiateAuth'),
    ];
    for (const fault of faults) {
      const { accounts } = accountsOf([appClient, fault]);
      await expect(accounts.signIn('user-1', 'a password 1')).rejects.toBe(fault);
    }
  });

  it('reads the app client again after a reading that failed', async () => {
    const { accounts, commands } = accountsOf([awsError('ResourceNotFoundException'), appClient, signedIn]);
    await expect(accounts.signIn('user-1', 'a password 1')).rejects.toThrow('ResourceNotFoundException');
    expect(await accounts.signIn('user-1', 'a password 1')).toMatchObject({ kind: 'signed_in' });
    expect(commands).toEqual(['DescribeUserPoolClient', 'DescribeUserPoolClient', 'AdminInitiateAuth']);
  });
});

describe('the reading of the app client', () => {
  /** Time goes by in waits alone. */
  function readerOf(steps: readonly Step[]) {
    const waits: number[] = [];
    const client = createCognitoClient({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    const pace = {
      random: () => 0.5,
      delay: async (milliseconds: number) => waits.push(milliseconds),
      now: () => waits.reduce((sum, one) => sum + one, 0),
    };
    const read = createAppClientReader({ client, userPoolId: 'pool', clientId: 'client' }, pace);
    return { read, waits, ...script(client, steps) };
  }
  const busy = () => awsError('TooManyRequestsException');

  it('is tried again over the quota, which all processes that begin at once share, further and further apart', async () => {
    const { read, waits } = readerOf([busy(), busy(), busy(), busy(), appClient]);
    expect(await read()).toEqual({ secret: 'client secret', sessionSeconds: 12 * 3_600 });
    expect(waits).toEqual([250, 500, 1_000, 1_000]);
  });

  it('is given up after 8 seconds, and begins anew with the next call', async () => {
    const { read, waits } = readerOf([...Array.from({ length: 10 }, busy), appClient]);
    await expect(read()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 5 });
    expect(waits.reduce((sum, one) => sum + one, 0)).toBe(7_750);
    expect(await read()).toMatchObject({ secret: 'client secret' });
  });

  it('is not tried again for what no wait mends', async () => {
    const { read, commands } = readerOf([awsError('AccessDeniedException')]);
    await expect(read()).rejects.toThrow('AccessDeniedException');
    expect(commands).toHaveLength(1);
  });
});

describe('an account at Cognito', () => {
  it('is made without a mail, under our id, with its password for good and no attribute', async () => {
    const { accounts, inputs, commands } = accountsOf([{}, {}]);
    await accounts.create('user-1', 'a password 1');
    expect(commands).toEqual(['AdminCreateUser', 'AdminSetUserPassword']);
    expect(inputs[0]).toEqual({ UserPoolId: 'pool', Username: 'user-1', MessageAction: 'SUPPRESS' });
    expect(inputs[1]).toEqual({ UserPoolId: 'pool', Username: 'user-1', Password: 'a password 1', Permanent: true });
  });

  it('that was made by a try whose answer was lost is made', async () => {
    const { accounts, commands } = accountsOf([networkError('ECONNRESET'), awsError('UsernameExistsException'), {}]);
    await accounts.create('user-1', 'a password 1');
    expect(commands).toEqual(['AdminCreateUser', 'AdminCreateUser', 'AdminSetUserPassword']);
  });

  it('with a password that the pool does not take is a VALIDATION_ERROR, which does not say it back', async () => {
    for (const name of ['InvalidPasswordException', 'InvalidParameterException']) {
      const { accounts } = accountsOf([{}, awsError(name)]);
      const error = await accounts.create('user-1', 'a password 1').catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'VALIDATION_ERROR', data: { issues: [{ path: 'body.password' }] } });
      expect(JSON.stringify(error)).not.toContain('a password 1');
    }
  });

  it('that is gone already is removed', async () => {
    const { accounts } = accountsOf([awsError('UserNotFoundException')]);
    await expect(accounts.remove('user-1')).resolves.toBeUndefined();
  });
});

describe('a refresh at Cognito', () => {
  it('goes by the refresh token and the client alone', async () => {
    const { accounts, inputs, commands } = accountsOf([
      appClient,
      { AuthenticationResult: { AccessToken: accessToken } },
    ]);
    expect(await accounts.refresh('a.b.c.d.e')).toEqual({
      userId: 'user-1',
      sessionId: 'session-1',
      accessToken,
      expiresAt: new Date(4_600_000),
    });
    expect(commands[1]).toBe('GetTokensFromRefreshToken');
    expect(inputs[1]).toEqual({ RefreshToken: 'a.b.c.d.e', ClientId: 'client', ClientSecret: 'client secret' });
  });

  it('of a token that counts no more answers none', async () => {
    const refusals = ['Refresh Token has been revoked', 'Refresh Token has expired', 'Invalid Refresh Token'];
    const { accounts } = accountsOf([appClient, ...refusals.map((text) => sentence('NotAuthorizedException', text))]);
    for (const _ of refusals) expect(await accounts.refresh('a.b.c.d.e')).toBeUndefined();
  });

  it('over the quota is SERVICE_UNAVAILABLE', async () => {
    const { accounts } = accountsOf([appClient, awsError('TooManyRequestsException')]);
    await expect(accounts.refresh('a.b.c.d.e')).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      retryAfterSeconds: 5,
    });
  });
});
