import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  type AuthenticationResultType,
  CognitoIdentityProviderClient,
  type CognitoIdentityProviderClientConfig,
  GetTokensFromRefreshTokenCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { invalid } from '../../../contracts/errors.ts';
import { singleTry } from '../../platform/retry/single-try.ts';
import type { Accounts, SignedIn, Tokens } from '../ports.ts';
import { createAppClientReader, secretHash } from './cognito-app-client.ts';
import { ask, isRefusal, nameOf } from './cognito-call.ts';

export const createCognitoClient = (config: CognitoIdentityProviderClientConfig = {}): CognitoIdentityProviderClient =>
  new CognitoIdentityProviderClient({ ...singleTry, ...config });

interface Pool {
  client: CognitoIdentityProviderClient;
  userPoolId: string;
  clientId: string;
}

/** What Cognito says once an account has had some five wrong passwords; the wait begins at a second and doubles. */
const lockSentence = /attempts exceeded/i;

const invalidPassword = () => invalid([{ path: 'body.password', message: 'is not one that can be used' }]);

interface Claims {
  username: string;
  origin_jti: string;
  iat: number;
  exp: number;
}

const timeOf = (seconds: number) => new Date(seconds * 1_000);

/** Straight from Cognito over TLS, so its signature is not checked here; every later use of the token does. */
const claimsOf = (accessToken: string) =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString('utf8')) as Claims;

function tokensOf({ AccessToken: accessToken = '' }: AuthenticationResultType): Tokens {
  const { username, origin_jti, exp } = claimsOf(accessToken);
  return { accessToken, expiresAt: timeOf(exp), sessionId: origin_jti, userId: username };
}

/**
 * Accounts in a Cognito user pool, whose user name is our user id. The pool has no self sign-up, no aliases and one client with a secret, for the admin
 * password flow alone: its tokens and passwords can't be used past this.
 */
export function createCognitoAccounts({ client, userPoolId, clientId }: Pool): Accounts {
  const appClient = createAppClientReader({ client, userPoolId, clientId });
  const idOf = (userId: string) => ({ UserPoolId: userPoolId, Username: userId });

  return {
    async create(userId, password) {
      await ask((options) =>
        client.send(new AdminCreateUserCommand({ ...idOf(userId), MessageAction: 'SUPPRESS' }), options),
      ).catch((error: unknown) => {
        // An answer that was lost and asked for again: the id is new, so nobody else can have made it.
        if (nameOf(error) !== 'UsernameExistsException') throw error;
      });
      await ask((options) =>
        client.send(new AdminSetUserPasswordCommand({ ...idOf(userId), Password: password, Permanent: true }), options),
      ).catch((error: unknown) => {
        throw ['InvalidPasswordException', 'InvalidParameterException'].includes(nameOf(error))
          ? invalidPassword()
          : error;
      });
    },

    async signIn(userId, password) {
      const { secret, sessionSeconds } = await appClient();
      const command = new AdminInitiateAuthCommand({
        UserPoolId: userPoolId,
        ClientId: clientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: userId, PASSWORD: password, SECRET_HASH: secretHash(userId, clientId, secret) },
      });
      try {
        const { AuthenticationResult: result } = await ask((options) => client.send(command, options));
        // A challenge instead of tokens: a password that was never set for good.
        if (result?.RefreshToken === undefined) return { kind: 'refused' };
        const tokens = tokensOf(result);
        const endsAt = timeOf(claimsOf(tokens.accessToken).iat + sessionSeconds);
        return { kind: 'signed_in', ...tokens, refreshToken: result.RefreshToken, endsAt } satisfies SignedIn;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        return lockSentence.test((error as Error).message) ? { kind: 'locked' } : { kind: 'refused' };
      }
    },

    async refresh(refreshToken) {
      const { secret } = await appClient();
      const command = new GetTokensFromRefreshTokenCommand({
        RefreshToken: refreshToken,
        ClientId: clientId,
        ClientSecret: secret,
      });
      try {
        const { AuthenticationResult: result } = await ask((options) => client.send(command, options));
        return result && tokensOf(result);
      } catch (error) {
        if (isRefusal(error)) return undefined;
        throw error;
      }
    },

    async revoke(refreshToken) {
      const { secret } = await appClient();
      await ask((options) =>
        client.send(new RevokeTokenCommand({ Token: refreshToken, ClientId: clientId, ClientSecret: secret }), options),
      );
    },

    async revokeAll(userId) {
      await ask((options) => client.send(new AdminUserGlobalSignOutCommand(idOf(userId)), options));
    },

    async remove(userId) {
      await ask((options) => client.send(new AdminDeleteUserCommand(idOf(userId)), options)).catch((error: unknown) => {
        if (nameOf(error) !== 'UserNotFoundException') throw error;
      });
    },
  };
}
