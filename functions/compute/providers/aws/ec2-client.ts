import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import { awsRegionName } from '../../../../contracts/credentials/aws.ts';
import { type AwsSecret, awsSecret, isRole } from '../../../platform/aws/aws-secret.ts';
import { ProviderError } from '../../domain/provider-error.ts';
import type { Connection } from '../provider.ts';
import type { SessionOf } from './session-of-role.ts';

type Credentials = NonNullable<EC2ClientConfig['credentials']>;

/** The role is assumed when EC2 is first asked. */
const credentialsOf = (secret: AwsSecret, sessionOf: SessionOf): Credentials =>
  isRole(secret) ? () => sessionOf(secret) : { accessKeyId: secret.access_key, secretAccessKey: secret.secret_key };

/**
 * EC2 by the workspace's access key or role, and by nothing else: a client without credentials would find the platform's own, so none is made from
 * a secret that lacks them. Each call is tried once, for at most `withinMs`; whoever called may try again.
 */
export function createEc2Client({ region, secret }: Connection, sessionOf: SessionOf, withinMs: number): EC2Client {
  const parsed = awsSecret.safeParse(secret);
  if (!parsed.success) throw new ProviderError('CredentialRejected', 'the credential holds no key and no role of AWS');
  if (!awsRegionName.test(region)) throw new ProviderError('ProviderRefused', `there is no region ${region}`);
  const requestHandler = {
    connectionTimeout: 3_000,
    requestTimeout: withinMs,
    socketTimeout: withinMs,
    throwOnRequestTimeout: true,
  };
  return new EC2Client({ region, credentials: credentialsOf(parsed.data, sessionOf), maxAttempts: 1, requestHandler });
}
