import type { Data } from './data.ts';
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

/** May make data keys and so seal such a secret; can open none. CDK's own grant would add ReEncrypt. */
export function allowSeal(fn: PlatformFunction, data: Data, secret: Secret = 'credential'): void {
  fn.lambda.addEnvironment('CREDENTIALS_KEY_ID', data.credentialsKeyArn);
  fn.allow(['kms:GenerateDataKey'], [data.credentialsKeyArn], naming(contexts[secret]));
}

/** May open what was sealed, by this stage or by those that its data came from. For the few that call a provider. */
export function allowDecrypt(fn: PlatformFunction, data: Data, secret: Secret = 'credential'): void {
  const { credentialsKeyArn, formerCredentialsKeys: former } = data;
  fn.lambda.addEnvironment('CREDENTIALS_KEY_ID', credentialsKeyArn);
  if (former.length > 0) fn.lambda.addEnvironment('FORMER_KEY_IDS', former.join(','));
  fn.allow(['kms:Decrypt'], [credentialsKeyArn, ...former], naming(contexts[secret]));
}
