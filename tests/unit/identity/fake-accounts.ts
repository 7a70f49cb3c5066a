import { randomUUID } from 'node:crypto';
import { invalid, unavailable } from '../../../contracts/errors.ts';
import type { Accounts, Tokens } from '../../../functions/identity/ports.ts';
import type { TokenIssuer } from './token-issuer.ts';

interface Account {
  password: string;
  /** Refresh token → session id. */
  sessions: Map<string, string>;
}

export interface FakeAccounts extends Accounts {
  /** Passwords judged, right and wrong. */
  judged: number;
  /** Refresh tokens that were revoked one by one, and users signed out everywhere. */
  revoked: string[];
  userIds(): string[];
  /** What it answers instead, until `undefined` is set. */
  mood: 'locked' | 'throttled' | undefined;
}

const sessionSeconds = 30 * 86_400;

const isPassword = (text: string) => /^\S.*\S$/s.test(text) && /[0-9]/.test(text) && text.length >= 8;

/** Accounts as Cognito keeps them, in memory. Its tokens are those of the issuer; their sessions end by the clock that is handed in. */
export function createFakeAccounts(issuer: TokenIssuer, now: () => Date = () => new Date()): FakeAccounts {
  const accounts = new Map<string, Account>();

  const tokensOf = (userId: string, sessionId: string): Tokens => {
    const claims = issuer.claimsOf(userId, sessionId);
    return { accessToken: issuer.sign(claims), expiresAt: new Date(Number(claims['exp']) * 1_000), sessionId, userId };
  };
  const holderOf = (refreshToken: string) => [...accounts].find(([, { sessions }]) => sessions.has(refreshToken));

  const fake: FakeAccounts = {
    judged: 0,
    revoked: [],
    mood: undefined,
    userIds: () => [...accounts.keys()],

    async create(userId, password) {
      if (fake.mood === 'throttled') throw unavailable(5);
      if (password === undefined) {
        accounts.set(userId, { password: randomUUID(), sessions: new Map() });
        return;
      }
      if (!isPassword(password)) {
        throw invalid([{ path: 'body.password', message: 'is not one that can be used' }]);
      }
      accounts.set(userId, { password, sessions: new Map() });
    },
    async setPassword(userId, password) {
      if (fake.mood === 'throttled') throw unavailable(5);
      if (!isPassword(password)) throw invalid([{ path: 'body.new_password', message: 'is not one that can be used' }]);
      accounts.set(userId, { password, sessions: accounts.get(userId)?.sessions ?? new Map() });
    },
    async signIn(userId, password) {
      if (fake.mood === 'throttled') throw unavailable(5);
      if (fake.mood === 'locked') return { kind: 'locked' };
      fake.judged += 1;
      const account = accounts.get(userId);
      if (account?.password !== password) return { kind: 'refused' };
      const [refreshToken, sessionId] = [`${randomUUID()}.${randomUUID()}`, randomUUID()];
      account.sessions.set(refreshToken, sessionId);
      return {
        kind: 'signed_in',
        ...tokensOf(userId, sessionId),
        refreshToken,
        endsAt: new Date(now().getTime() + sessionSeconds * 1_000),
      };
    },
    async refresh(refreshToken) {
      const [userId, account] = holderOf(refreshToken) ?? [];
      const sessionId = account?.sessions.get(refreshToken);
      return userId === undefined || sessionId === undefined ? undefined : tokensOf(userId, sessionId);
    },
    async revoke(refreshToken) {
      fake.revoked.push(refreshToken);
      holderOf(refreshToken)?.[1].sessions.delete(refreshToken);
    },
    async revokeAll(userId) {
      fake.revoked.push(userId);
      accounts.get(userId)?.sessions.clear();
    },
    async remove(userId) {
      accounts.delete(userId);
    },
  };
  return fake;
}
