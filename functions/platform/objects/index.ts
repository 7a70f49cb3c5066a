export { type Bucket, createBucket } from './bucket.ts';
export { bucketFromEnv } from './bucket-from-env.ts';
export { readLast } from './read-last.ts';
