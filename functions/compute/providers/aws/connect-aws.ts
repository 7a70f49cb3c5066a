import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import { awsData } from '../../../../contracts/credentials/data.ts';
import { ProviderError } from '../../domain/provider-error.ts';
import type { Connect } from '../provider.ts';
import { createAwsProvider } from './aws-provider.ts';

/** A try may take 10 s, so that a step of the state machine, which has a minute, sees its failure. RunInstances takes 1 to 5 s. */
const requestHandler = {
  connectionTimeout: 3_000,
  requestTimeout: 10_000,
  socketTimeout: 10_000,
  throwOnRequestTimeout: true,
};

const regionName = /^[a-z]{2}(-[a-z]{2,12}){1,3}-\d{1,2}$/;

/**
 * EC2 by the workspace's access key, and by nothing else: a client without credentials would find the platform's own, so none is made from
 * a secret that lacks them. Each call is tried once; what may be tried again, the state machine does.
 */
export const connectAws: Connect = ({ region, secret }) => {
  const parsed = awsData.safeParse(secret);
  if (!parsed.success) throw new ProviderError('CredentialRejected', 'the credential holds no access key of AWS');
  if (!regionName.test(region)) throw new ProviderError('ProviderRefused', `there is no region ${region}`);
  const { access_key: accessKeyId, secret_key: secretAccessKey } = parsed.data;
  const config: EC2ClientConfig = {
    region,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
    requestHandler,
  };
  return createAwsProvider(new EC2Client(config));
};
