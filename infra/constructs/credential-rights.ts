import type { Key } from 'aws-cdk-lib/aws-kms';
import type { PlatformFunction } from './platform-function.ts';

/** What the key seals, and by which keys of the encryption context each use must name whose secret it is, by these and no others. */
const contexts = {
  credential: ['workspace_id', 'credential_id', 'version'],
  userData: ['workspace_id', 'vm_id'],
} as const;
type Secret = keyof typeof contexts;

const naming = (keys: readonly string[]) => ({
  'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': [...keys] },
  Null: Object.fromEntries(keys.map((key) => [`kms:EncryptionContext:${key}`, 'false'])),
});

function allow(fn: PlatformFunction, key: Key, action: 'kms:GenerateDataKey' | 'kms:Decrypt', secret: Secret): void {
  fn.lambda.addEnvironment('CREDENTIALS_KEY_ID', key.keyId);
  fn.allow([action], [key.keyArn], naming(contexts[secret]));
}

/** May make data keys and so seal such a secret; can open none. CDK's own grant would add ReEncrypt. */
export const allowSeal = (fn: PlatformFunction, key: Key, secret: Secret = 'credential'): void =>
  allow(fn, key, 'kms:GenerateDataKey', secret);

/** May open what was sealed. For the few that call a provider. */
export const allowDecrypt = (fn: PlatformFunction, key: Key, secret: Secret = 'credential'): void =>
  allow(fn, key, 'kms:Decrypt', secret);
