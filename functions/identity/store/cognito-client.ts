import {
  CognitoIdentityProviderClient,
  type CognitoIdentityProviderClientConfig,
} from '@aws-sdk/client-cognito-identity-provider';
import { singleTry } from '../../platform/retry/single-try.ts';

export const createCognitoClient = (config: CognitoIdentityProviderClientConfig = {}): CognitoIdentityProviderClient =>
  new CognitoIdentityProviderClient({ ...singleTry, ...config });

/** A pool and the one client of it. */
export interface Pool {
  client: CognitoIdentityProviderClient;
  userPoolId: string;
  clientId: string;
}
