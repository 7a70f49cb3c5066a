import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRecovery,
  ClientAttributes,
  FeaturePlan,
  LambdaVersion,
  Mfa,
  StringAttribute,
  UserPool,
  UserPoolClient,
  UserPoolOperation,
} from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { prefixOf } from '../settings.ts';
import { acknowledge } from './acknowledge.ts';
import type { Alarms } from './alarms.ts';
import { PlatformFunction } from './platform-function.ts';
import type { Stage } from './stage.ts';

export interface Accounts {
  userPool: UserPool;
  userPoolClient: UserPoolClient;
}

/** Passwords and tokens. The user name is our user id; the table knows e-mail addresses, and is the only one to. */
export function addAccounts(scope: Construct, stage: Stage, alarms: Alarms): Accounts {
  const { settings } = stage;
  const userPool = new UserPool(scope, 'Users', {
    userPoolName: prefixOf(settings),
    selfSignUpEnabled: false,
    signInAliases: { username: true },
    signInCaseSensitive: true,
    featurePlan: FeaturePlan.ESSENTIALS,
    mfa: Mfa.OFF,
    accountRecovery: AccountRecovery.NONE,
    // See the client's writeAttributes. It can be set as an account is made, which only we do, and never again.
    customAttributes: { unused: new StringAttribute({ mutable: false, maxLen: 1 }) },
    passwordPolicy: {
      minLength: 8,
      requireDigits: true,
      requireLowercase: false,
      requireUppercase: false,
      requireSymbols: false,
      tempPasswordValidity: Duration.days(7),
    },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  // Access tokens are given to clients. As Cognito makes them they may call it past our API, for as long as they live: nothing that we do ends that.
  const scopes = new PlatformFunction(scope, 'token-scopes', stage, { name: 'token-scopes', alarms });
  userPool.addTrigger(UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG, scopes.lambda, LambdaVersion.V2_0);
  acknowledge(userPool, {
    COG1: 'The product asks for 8 characters with a letter and a digit; the API checks both, and counts failures',
    COG2: 'No second factor in the product yet',
    COG3: 'Failures are counted by account and address before Cognito is asked; threat protection costs 0.02 USD a user',
    COG8: 'The same: the plan that has threat protection',
  });
  const userPoolClient = new UserPoolClient(scope, 'UsersClient', {
    userPool,
    userPoolClientName: 'api',
    generateSecret: true,
    authFlows: { adminUserPassword: true },
    disableOAuth: true,
    // Should a token come to have that scope again, it may write these; an empty list means all standard attributes.
    writeAttributes: new ClientAttributes().withCustomAttributes('unused'),
    preventUserExistenceErrors: true,
    enableTokenRevocation: true,
    accessTokenValidity: Duration.hours(settings.tokenHours),
    idTokenValidity: Duration.hours(settings.tokenHours),
    refreshTokenValidity: Duration.days(settings.sessionDays),
  });
  return { userPool, userPoolClient };
}
