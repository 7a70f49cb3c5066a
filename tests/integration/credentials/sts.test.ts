import { randomUUID } from 'node:crypto';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unavailable } from '../../../contracts/errors.ts';
import { createSessionOf } from '../../../functions/compute/providers/aws/session-of-role.ts';
import { trustPolicyFor } from '../../../functions/credentials/domain/trust-policy.ts';
import type { VerifyCredential } from '../../../functions/credentials/ports.ts';
import { createAwsVerifier } from '../../../functions/credentials/providers/aws/verify-aws.ts';
import { createStsClient } from '../../../functions/platform/aws/sts.ts';
import { type InProcessEmulator, startInProcessEmulator } from '../../support/in-process-emulator.ts';
import { openAccount, openTrust } from './accounts.ts';
import { startFlakySts } from './flaky-sts.ts';
import { type Outage, verifierContract } from './verifier-contract.ts';

const [ourAccount, theirAccount] = ['111122223333', '444455556666'];
const ourRoles = `arn:aws:iam::${ourAccount}:role/skyclust-test-visitor-*`;
const externalId = randomUUID();
const region = 'eu-west-1';

let emulator: InProcessEmulator;
let sts: Awaited<ReturnType<typeof startFlakySts>>;
let ours: ReturnType<typeof openAccount>;
let theirs: ReturnType<typeof openAccount>;
let verify: VerifyCredential;
let visitor: (role?: string) => Promise<STSClient>;
let keys: { access_key: string; secret_key: string; region: string };
const roles: Record<string, string> = {};

const roleSecret = (role_arn: string | undefined, external_id = externalId) => ({ role_arn, external_id, region });

beforeAll(async () => {
  emulator = await startInProcessEmulator({ AUTH: 'true' });
  sts = await startFlakySts(emulator.client.endpoint);
  ours = openAccount(emulator.client, ourAccount);
  theirs = openAccount(emulator.client, theirAccount);
  // A function of ours: a session of a role that has the name, and the right.
  for (const name of ['skyclust-test-visitor-checks', 'skyclust-test-other']) {
    await ours.makeRole(name, openTrust(ourAccount));
    const condition = { Null: { 'sts:ExternalId': 'false' } };
    await ours.allow(name, { Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::*:role/*', Condition: condition });
  }
  const root = new STSClient({ ...emulator.client, credentials: ours.credentials });
  visitor = async (role = 'skyclust-test-visitor-checks') => {
    const { Credentials } = await root.send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${ourAccount}:role/${role}`, RoleSessionName: 'function' }),
    );
    return createStsClient({
      endpoint: sts.endpoint,
      region,
      credentials: {
        accessKeyId: String(Credentials?.AccessKeyId),
        secretAccessKey: String(Credentials?.SecretAccessKey),
        sessionToken: String(Credentials?.SessionToken),
      },
    });
  };
  keys = await theirs.makeKey('skyclust');
  roles['good'] = await theirs.makeRole('good', trustPolicyFor(externalId, ourRoles));
  roles['of another credential'] = await theirs.makeRole('another', trustPolicyFor(randomUUID(), ourRoles));
  roles['open'] = await theirs.makeRole('open', openTrust(ourAccount));
  const client = await visitor();
  const { credentials } = client.config;
  verify = createAwsVerifier((config) => createStsClient({ endpoint: sts.endpoint, region, credentials, ...config }));
}, 60_000);
afterAll(async () => {
  ours?.close();
  theirs?.close();
  sts?.stop();
  await emulator?.stop();
});

const plan = { fail: (outage: Outage) => sts.fail(outage), pending: () => sts.pending() };

verifierContract('aws by key', () => ({
  verify,
  account: theirAccount,
  goodSecret: keys,
  badSecrets: {
    unknown: { ...keys, access_key: 'AKIAUNKNOWN000000000' },
    mistyped: { ...keys, secret_key: 'mistyped' },
  },
  ...plan,
}));

verifierContract('aws by role', () => ({
  verify,
  account: theirAccount,
  goodSecret: roleSecret(roles['good']),
  badSecrets: {
    missing: roleSecret(`arn:aws:iam::${theirAccount}:role/missing`),
    'of another credential': roleSecret(roles['of another credential']),
    open: roleSecret(roles['open']),
  },
  ...plan,
}));

let outage: Outage | undefined;
verifierContract('the fake', () => ({
  verify: async (secret) => {
    const met = outage;
    outage = undefined;
    if (met !== undefined) throw unavailable(5);
    return secret === 'good' ? { ok: true, account: 'fake' } : { ok: false, reason: 'KEY_REJECTED' };
  },
  account: 'fake',
  goodSecret: 'good',
  badSecrets: { bad: 'bad' },
  fail: (next) => {
    outage = next;
  },
  pending: () => Number(outage !== undefined),
}));

describe('a role', () => {
  it('that takes any external id is turned down: others could use it through us', async () => {
    expect(await verify(roleSecret(roles['open']))).toEqual({ ok: false, reason: 'EXTERNAL_ID_NOT_CHECKED' });
    for (const role of [roles['of another credential'], `arn:aws:iam::${theirAccount}:role/missing`]) {
      expect(await verify(roleSecret(role))).toEqual({ ok: false, reason: 'ROLE_NOT_ASSUMABLE' });
    }
  });

  it('with the policy that was pasted lets our functions in, and no other role of our account', async () => {
    const good = roleSecret(roles['good']) as never;
    const session = await createSessionOf(await visitor())(good);
    expect(session.expiration.getTime()).toBeGreaterThan(Date.now() + 10 * 60_000);
    const other = createSessionOf(await visitor('skyclust-test-other'));
    await expect(other(good)).rejects.toMatchObject({ name: 'CredentialRejected', effect: 'none' });
  });

  it('is assumed once for many steps, and again when its session is about to end', async () => {
    let now = Date.now();
    const client = await visitor();
    let calls = 0;
    client.middlewareStack.add(
      (next) => (args) => {
        calls += 1;
        return next(args);
      },
      { step: 'initialize' },
    );
    const sessionOf = createSessionOf(client, () => now);
    const good = roleSecret(roles['good']) as never;
    const many = await Promise.all(Array.from({ length: 20 }, () => sessionOf(good)));
    expect([new Set(many.map(({ accessKeyId }) => accessKeyId)).size, calls]).toEqual([1, 1]);
    now += 11 * 60_000;
    expect((await sessionOf(good)).accessKeyId).not.toBe(many[0]?.accessKeyId);
    expect(calls).toBe(2);
  });

  it.each([
    ['throttled', 'ProviderThrottled'],
    ['broken', 'ProviderUnavailable'],
    ['silent', 'ProviderUnavailable'],
  ] as const)(
    'while STS is %s fails a step so that it is tried again, and nothing of that is kept',
    async (how, name) => {
      const sessionOf = createSessionOf(await visitor());
      const good = roleSecret(roles['good']) as never;
      sts.fail(how);
      await expect(sessionOf(good)).rejects.toMatchObject({ name, effect: 'none', isPassing: true });
      expect(await sessionOf(good)).toHaveProperty('sessionToken');
      expect(sts.pending()).toBe(0);
    },
  );
});

describe('a key', () => {
  it('whose region has no host is told so; where the resolver does not answer, nothing is said of the key', async () => {
    const failing = (code: string) =>
      createAwsVerifier((config) => {
        const client = createStsClient({ region, ...config });
        client.send = () => Promise.reject(Object.assign(new Error(`getaddrinfo ${code}`), { code }));
        return client;
      });
    expect(await failing('ENOTFOUND')(keys)).toEqual({ ok: false, reason: 'REGION_UNKNOWN' });
    await expect(failing('EAI_AGAIN')(keys)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});
