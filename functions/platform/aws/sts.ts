import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { meter } from '../meter.ts';
import type { AwsRoleSecret } from './aws-secret.ts';

/** Keys that are good for a while. */
export interface AwsSession {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

/** The shortest that STS makes: a role that lets us in no more, or a session that its owner revoked, is noticed as soon. */
const sessionSeconds = 900;

/** STS answers within a second; one try, since who called tries again. */
const singleTry: STSClientConfig = {
  maxAttempts: 1,
  requestHandler: {
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    socketTimeout: 5_000,
    throwOnRequestTimeout: true,
  },
};

/** Without `credentials` it calls as the function that it runs in, from the region of the stage. */
export const createStsClient = (config: STSClientConfig = {}): STSClient => new STSClient({ ...singleTry, ...config });

/** Assumes a role as the function that it runs in. Throws the SDK's errors as they are. */
export const assumeRole =
  (sts: STSClient) =>
  async ({ role_arn, external_id }: Pick<AwsRoleSecret, 'role_arn' | 'external_id'>): Promise<AwsSession> => {
    meter().add('sts');
    const { Credentials: given } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: role_arn,
        ExternalId: external_id,
        // What the account's owner reads in CloudTrail.
        RoleSessionName: 'skyclust',
        DurationSeconds: sessionSeconds,
      }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
      throw new Error('cannot assume role: STS answered without a session');
    }
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  };

/** The account that the client's credentials are of; it needs no right. */
export async function askAccount(sts: STSClient): Promise<string> {
  meter().add('sts');
  const { Account } = await sts.send(new GetCallerIdentityCommand({}));
  if (!Account) throw new Error('cannot ask STS who calls: it named no account');
  return Account;
}
