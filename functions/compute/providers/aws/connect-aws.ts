import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import { type AwsSecret, awsSecret, isRole } from '../../../platform/aws/aws-secret.ts';
import { ProviderError } from '../../domain/provider-error.ts';
import type { Connect } from '../provider.ts';
import { createAwsProvider } from './aws-provider.ts';
import { createSessionOf, type SessionOf } from './session-of-role.ts';

/** A try may take 10 s, so that a step of the state machine, which has a minute, sees its failure. RunInstances takes 1 to 5 s. */
const requestHandler = {
  connectionTimeout: 3_000,
  requestTimeout: 10_000,
  socketTimeout: 10_000,
  throwOnRequestTimeout: true,
};

const regionName = /^[a-z]{2}(-[a-z]{2,12}){1,3}-\d{1,2}$/;

type Credentials = NonNullable<EC2ClientConfig['credentials']>;

/** The role is assumed when EC2 is first asked. */
const credentialsOf = (secret: AwsSecret, sessionOf: SessionOf): Credentials =>
  isRole(secret) ? () => sessionOf(secret) : { accessKeyId: secret.access_key, secretAccessKey: secret.secret_key };

/**
 * EC2 by the workspace's access key or role, and by nothing else: a client without credentials would find the platform's own, so none is made from
 * a secret that lacks them. Each call is tried once; what may be tried again, the state machine does.
 */
export const createConnectAws =
  (sessionOf: SessionOf): Connect =>
  ({ region, secret }) => {
    const parsed = awsSecret.safeParse(secret);
    if (!parsed.success)
      throw new ProviderError('CredentialRejected', 'the credential holds no key and no role of AWS');
    if (!regionName.test(region)) throw new ProviderError('ProviderRefused', `there is no region ${region}`);
    const credentials = credentialsOf(parsed.data, sessionOf);
    return createAwsProvider(new EC2Client({ region, credentials, maxAttempts: 1, requestHandler }));
  };

export const connectAws = createConnectAws(createSessionOf());
