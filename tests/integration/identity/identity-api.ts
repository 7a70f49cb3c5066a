import { randomBytes, randomUUID } from 'node:crypto';
import { accountRoutes } from '../../../contracts/identity/account-routes.ts';
import { apiKeyRoutes } from '../../../contracts/identity/api-key-routes.ts';
import { identityRoutes } from '../../../contracts/identity/routes.ts';
import { userRoutes } from '../../../contracts/identity/user-routes.ts';
import { saltBytes } from '../../../functions/identity/domain/session.ts';
import type { Accounts } from '../../../functions/identity/ports.ts';
import { createAccessStore } from '../../../functions/identity/store/access-store.ts';
import { createApiKeyRemoval } from '../../../functions/identity/store/api-key-removal.ts';
import { createApiKeyStore } from '../../../functions/identity/store/api-key-store.ts';
import { createAttemptStore } from '../../../functions/identity/store/attempt-store.ts';
import { createCodeStore } from '../../../functions/identity/store/code-store.ts';
import { createLeaseStore } from '../../../functions/identity/store/lease-store.ts';
import { createSessionStore } from '../../../functions/identity/store/session-store.ts';
import { createUserStore } from '../../../functions/identity/store/user-store.ts';
import { identityUseCases } from '../../../functions/identity/use-cases/index.ts';
import { userUseCases } from '../../../functions/identity/use-cases/user-use-cases.ts';
import { createApi } from '../../../functions/platform/api/create-api.ts';
import type { ApiDependencies } from '../../../functions/platform/api/dependencies.ts';
import type { Limits } from '../../../functions/platform/api/limits.ts';
import { newApiKeyText } from '../../../functions/platform/auth/api-key.ts';
import type { TokenVerifier } from '../../../functions/platform/auth/verify-token.ts';
import type { Table } from '../../../functions/platform/table/types.ts';
import { createDepartures } from '../../../functions/workspaces/index.ts';
import type { Http, HttpAnswer } from '../../support/http-client.ts';
import {
  type ApiHandler,
  createInProcessHttp,
  inProcessDependencies,
  type Logged,
} from '../../support/in-process-api.ts';
import { createFakeAccounts, type FakeAccounts } from '../../unit/identity/fake-accounts.ts';
import { createTokenIssuer, type TokenIssuer } from '../../unit/identity/token-issuer.ts';

export const password = 'correct horse 1';
export const addressOf = (prefix = 'person') => `${prefix}-${randomUUID()}@example.com`;

export interface IdentityApi {
  http: Http;
  table: Table;
  accounts: FakeAccounts;
  issuer: TokenIssuer;
  logged: Logged[];
  /** For another function's handler over the same table. */
  dependencies: ApiDependencies;
  handlers: { 'identity-api': ApiHandler; 'users-api': ApiHandler };
  /** Moves the clock; that by which tokens are verified stands. */
  advance(milliseconds: number): void;
}

interface Options {
  /** Another API over the same accounts, whose tokens are good here. */
  like?: IdentityApi;
  /** Each flow waits here when it has read what it decides by, and asks for the account. */
  meet?: () => Promise<void>;
  /** Calls of accounts that go otherwise. */
  accounts?: Partial<Accounts>;
  /** Where the accounts' tokens are not those of the issuer. */
  verifyToken?: TokenVerifier;
  adminEmail?: string;
  /** Limits of calls, which are out of the way else. */
  limits?: Partial<Limits>;
}

const meetingAt = (accounts: Accounts, meet: () => Promise<void>): Accounts => ({
  ...accounts,
  setPassword: (...given) => meet().then(() => accounts.setPassword(...given)),
  create: (...given) => meet().then(() => accounts.create(...given)),
  signIn: (...given) => meet().then(() => accounts.signIn(...given)),
  refresh: (...given) => meet().then(() => accounts.refresh(...given)),
});

/** The routes of identity's functions as their handlers wire them, over this table, with accounts in memory. Limits of calls are out of the way. */
export function createIdentityApi(
  table: Table,
  {
    like,
    meet = () => Promise.resolve(),
    accounts: others = {},
    verifyToken,
    adminEmail = '',
    limits = {},
  }: Options = {},
): IdentityApi {
  const issuer = like?.issuer ?? createTokenIssuer();
  const logged: Logged[] = [];
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  const accounts = like?.accounts ?? createFakeAccounts(issuer, now);
  const most = 1_000_000;
  const dependencies = inProcessDependencies(
    { table, verifyToken: verifyToken ?? issuer.verifyToken },
    {
      limits: { user: most, api_key: most, node: most, anonymous: most, sign_in: most, ...limits },
      now,
    },
    logged,
  );
  const shared = {
    users: createUserStore(table),
    access: createAccessStore(table),
    sessions: createSessionStore(table),
    codes: createCodeStore(table),
    accounts: meetingAt({ ...accounts, ...others }, meet),
    report: dependencies.logger.error,
  };
  const identity = identityUseCases({
    ...shared,
    apiKeys: createApiKeyRemoval(table),
    attempts: createAttemptStore(table),
    leases: createLeaseStore(table),
    adminEmail,
    newSecret: () => randomBytes(32).toString('base64url'),
    newSalt: () => new Uint8Array(randomBytes(saltBytes)),
  });
  const users = userUseCases({
    ...shared,
    departures: createDepartures(table),
    apiKeys: createApiKeyStore(table),
    newKeyText: newApiKeyText,
  });
  const handlers = {
    'identity-api': createApi({ ...identityRoutes, ...accountRoutes }, identity, dependencies),
    'users-api': createApi({ ...userRoutes, ...apiKeyRoutes }, users, dependencies),
  };
  return {
    http: createInProcessHttp(handlers),
    handlers,
    dependencies,
    table,
    accounts,
    issuer,
    logged,
    advance: (milliseconds) => {
      ahead += milliseconds;
    },
  };
}

export const login = (
  http: Http,
  email: string,
  tried = password,
  headers: Record<string, string> = {},
): Promise<HttpAnswer> => http('POST', '/auth/login', { body: { email, password: tried }, headers });

export const refresh = (http: Http, refreshToken: string): Promise<HttpAnswer> =>
  http('POST', '/auth/refresh', { body: { refresh_token: refreshToken } });

/** The status that a token gets now. */
export const statusOf = async (http: Http, token: string): Promise<number> =>
  (await http('GET', '/auth/me', { token })).status;
