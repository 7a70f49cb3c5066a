import {
  AdminInitiateAuthCommand,
  type AuthenticationResultType,
  GetTokensFromRefreshTokenCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { SignedIn, SignIns, Tokens } from '../ports.ts';
import { createAppClientReader, secretHash } from './cognito-app-client.ts';
import { ask, isRefusal } from './cognito-call.ts';
import type { Pool } from './cognito-client.ts';

/** What Cognito says once an account has had some five wrong passwords; the wait begins at a second and doubles. */
const lockSentence = /attempts exceeded/i;

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

/** Passwords and tokens, by the pool's one client, whose secret they take. */
export function createSignIns({ client, userPoolId, clientId }: Pool): SignIns {
  const appClient = createAppClientReader({ client, userPoolId, clientId });

  return {
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
  };
}
