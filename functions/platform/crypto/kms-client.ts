import { KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms';

/** A client as sealing and opening want it: one attempt, since they retry and count each call themselves, within their own bound. */
export const createKmsClient = (config: KMSClientConfig = {}): KMSClient =>
  new KMSClient({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 1500, socketTimeout: 1500, throwOnRequestTimeout: true },
    ...config,
  });
