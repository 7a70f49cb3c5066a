/**
 * What a client holds to get new tokens: whose session, a secret that changes each time, and Cognito's own refresh token, which stays the same. Cognito's is
 * of no use by itself: it takes the app client's secret, too.
 */
export interface RefreshToken {
  userId: string;
  sessionId: string;
  /** 43 characters: 32 bytes in base64url. */
  secret: string;
  cognito: string;
}

const form = /^rt_([0-9a-f-]{36})\.([\w-]{1,64})\.([\w-]{43})\.([\w.=-]{1,8000})$/;

export const writeRefreshToken = ({ userId, sessionId, secret, cognito }: RefreshToken): string =>
  `rt_${userId}.${sessionId}.${secret}.${cognito}`;

/** Undefined for what is none of ours. */
export function readRefreshToken(text: string): RefreshToken | undefined {
  const [, userId, sessionId, secret, cognito] = form.exec(text) ?? [];
  if (userId === undefined || sessionId === undefined || secret === undefined || cognito === undefined)
    return undefined;
  return { userId, sessionId, secret, cognito };
}
