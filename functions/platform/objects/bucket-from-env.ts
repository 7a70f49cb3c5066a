import { readEnv } from '../env.ts';
import { defaultProvider } from '../environment-credentials.ts';
import { type Bucket, createBucket } from './bucket.ts';

/** A bucket, with the function's own credentials; made once a process. */
export function bucketFromEnv(name: string): Bucket {
  const { AWS_REGION: region, AWS_ENDPOINT_URL: endpoint } = readEnv({
    AWS_REGION: 'string',
    AWS_ENDPOINT_URL: 'text',
  });
  return createBucket({ name, region, endpoint, credentials: defaultProvider() });
}
