import type { Key } from 'aws-cdk-lib/aws-kms';
import type { PlatformFunction } from './platform-function.ts';

/** Every use must name whose secret it is, by these keys of the encryption context and no others. */
const named = {
  'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['workspace_id', 'credential_id', 'version'] },
  Null: {
    'kms:EncryptionContext:workspace_id': 'false',
    'kms:EncryptionContext:credential_id': 'false',
    'kms:EncryptionContext:version': 'false',
  },
};

const allow = (fn: PlatformFunction, key: Key, action: 'kms:GenerateDataKey' | 'kms:Decrypt'): void => {
  fn.lambda.addEnvironment('CREDENTIALS_KEY_ID', key.keyId);
  fn.allow([action], [key.keyArn], named);
};

/** May make data keys and so seal a secret; can open none. CDK's own grant would add ReEncrypt. */
export const allowSeal = (fn: PlatformFunction, key: Key): void => allow(fn, key, 'kms:GenerateDataKey');

/** May open what was sealed. For the few that call a provider. */
export const allowDecrypt = (fn: PlatformFunction, key: Key): void => allow(fn, key, 'kms:Decrypt');
