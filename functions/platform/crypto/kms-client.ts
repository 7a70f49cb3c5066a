import { KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms';
import { singleAttempt } from '../aws-clients.ts';

/** A client as sealing and opening want it: they retry by themselves. */
export const createKmsClient = (config: KMSClientConfig = {}): KMSClient =>
  new KMSClient({ ...singleAttempt, ...config });
