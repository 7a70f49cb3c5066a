import { KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms';
import { singleTry } from '../retry/single-try.ts';

/** A client as sealing and opening want it: they retry by themselves. */
export const createKmsClient = (config: KMSClientConfig = {}): KMSClient => new KMSClient({ ...singleTry, ...config });
