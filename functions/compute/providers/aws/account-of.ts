import type { STSClient, STSClientConfig } from '@aws-sdk/client-sts';
import { accountOfRole } from '../../../../contracts/credentials/aws.ts';
import { awsSecret, isRole } from '../../../platform/aws/aws-secret.ts';
import { askAccount, createStsClient } from '../../../platform/aws/sts.ts';
import { ProviderError } from '../../domain/provider-error.ts';
import type { Connection } from '../provider.ts';
import { readAwsError } from './read-aws-error.ts';

/** Whose a credential is. */
export interface Account {
  /** Where the credential itself says so: a role's ARN does. */
  known?: string;
  /** The account's number; asked of STS at most once, which needs no right. Throws ProviderError. */
  ask(): Promise<string>;
}

type Clients = (config: STSClientConfig & { credentials: object }) => STSClient;

function readStsError(error: unknown): unknown {
  const read = readAwsError(error);
  const isUnanswered = read instanceof ProviderError && read.name === 'ProviderUnavailable';
  return isUnanswered ? new ProviderError('ProviderUnavailable', 'STS did not answer', { cause: error }) : read;
}

/** The account of a credential that is well-formed. */
export function accountOf({ region, secret }: Connection, clients: Clients = createStsClient): Account {
  const parsed = awsSecret.parse(secret);
  if (isRole(parsed)) {
    const known = accountOfRole(parsed.role_arn);
    return { known, ask: async () => known };
  }
  const credentials = { accessKeyId: parsed.access_key, secretAccessKey: parsed.secret_key };
  let answer: Promise<string> | undefined;
  async function askOnce(): Promise<string> {
    const sts = clients({ region, credentials });
    try {
      return await askAccount(sts);
    } catch (error) {
      answer = undefined;
      throw readStsError(error);
    } finally {
      sts.destroy();
    }
  }
  return {
    ask() {
      answer ??= askOnce();
      return answer;
    },
  };
}
