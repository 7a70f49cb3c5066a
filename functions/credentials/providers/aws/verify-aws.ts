import { randomUUID } from 'node:crypto';
import type { STSClient, STSClientConfig } from '@aws-sdk/client-sts';
import { type AwsRoleSecret, type AwsSecret, awsSecret, isRole } from '../../../platform/aws/aws-secret.ts';
import { askAccount, assumeRole, createStsClient } from '../../../platform/aws/sts.ts';
import type { Verdict, VerifyCredential } from '../../ports.ts';
import { isUnknownHost, unlessKeyRejected, unlessRoleRejected } from './read-rejection.ts';

type Keys = Exclude<AwsSecret, AwsRoleSecret>;
type Clients = (config?: STSClientConfig) => STSClient;

/** The account that these keys are of. A client without keys would find the platform's own, so there is none without. */
async function accountBy(clients: Clients, config: STSClientConfig & { credentials: object }): Promise<string> {
  const sts = clients(config);
  try {
    return await askAccount(sts);
  } finally {
    sts.destroy();
  }
}

async function verifyKeys(clients: Clients, { access_key, secret_key, region }: Keys): Promise<Verdict> {
  const credentials = { accessKeyId: access_key, secretAccessKey: secret_key };
  const asked = accountBy(clients, { region, credentials });
  const account = await unlessKeyRejected(
    asked.catch((error: unknown) => (isUnknownHost(error) ? 'no host' : Promise.reject(error))),
  );
  if (account === 'no host') return { ok: false, reason: 'REGION_UNKNOWN' };
  return account === undefined ? { ok: false, reason: 'KEY_REJECTED' } : { ok: true, account };
}

/**
 * The role must let us in with its external id, and must not with another one: a role that takes any could be used through us by whoever knows its
 * name and stores it as a credential of his own (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
 */
async function verifyRole(clients: Clients, role: AwsRoleSecret): Promise<Verdict> {
  const ours = clients();
  const assume = assumeRole(ours);
  try {
    const session = await unlessRoleRejected(assume(role));
    if (session === undefined) return { ok: false, reason: 'ROLE_NOT_ASSUMABLE' };
    const [account, byStranger] = await Promise.all([
      unlessKeyRejected(accountBy(clients, { credentials: session })),
      unlessRoleRejected(assume({ ...role, external_id: randomUUID() })),
    ]);
    if (account === undefined) return { ok: false, reason: 'KEY_REJECTED' };
    return byStranger === undefined ? { ok: true, account } : { ok: false, reason: 'EXTERNAL_ID_NOT_CHECKED' };
  } finally {
    ours.destroy();
  }
}

/** Asks STS who a key is, or whether a role lets us in. */
export const createAwsVerifier =
  (clients: Clients = createStsClient): VerifyCredential =>
  async (secret) => {
    const parsed = awsSecret.parse(secret);
    return isRole(parsed) ? verifyRole(clients, parsed) : verifyKeys(clients, parsed);
  };
