import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awsData } from '../../../contracts/credentials/data.ts';
import { credentialRoutes, givenData } from '../../../contracts/credentials/routes.ts';

const bodyOf = <Schema>({ body: schema }: { body?: Schema }) => schema as NonNullable<Schema>;
const body = bodyOf(credentialRoutes['credentials.create']);
const update = bodyOf(credentialRoutes['credentials.update']);
const data = {
  access_key: 'AKIAIOSFODNN7EXAMPLE',
  secret_key: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'eu-west-1',
};
const whole = { workspace_id: '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a', provider: 'aws', data };

const pathsOf = (value: unknown) => {
  const { error } = body.safeParse(value);
  return (error?.issues ?? []).map(({ path }) => path.join('.'));
};

describe('the data of an AWS credential', () => {
  it('takes the regions that there are', () => {
    for (const region of [
      'us-east-1',
      'eu-central-2',
      'ap-southeast-7',
      'us-gov-west-1',
      'us-iso-east-1',
      'cn-north-1',
      'eusc-de-east-1',
      'mx-central-1',
    ]) {
      expect([region, awsData.safeParse({ ...data, region }).success]).toEqual([region, true]);
    }
    for (const region of [
      '',
      'eu',
      'eu-west',
      'EU-WEST-1',
      'eu-west-1a',
      'eu-west-1 ',
      'eu-west-1.evil.example',
      '../../etc',
    ]) {
      expect([region, awsData.safeParse({ ...data, region }).success]).toEqual([region, false]);
    }
  });

  it('refuses keys with what a paste brings along', () => {
    for (const secret_key of ['', ' a', 'a ', 'a\n', 'a b', 'ä', 'a'.repeat(129)])
      expect(awsData.safeParse({ ...data, secret_key }).success).toBe(false);
    for (const access_key of ['', 'AKIA', 'akiaiosfodnn7example', `${data.access_key}\n`])
      expect(awsData.safeParse({ ...data, access_key }).success).toBe(false);
    expect(awsData.safeParse({ ...data, session_token: 'x' }).success).toBe(false);
  });
});

describe('the body of a credential', () => {
  it('names the place of what does not fit', () => {
    expect(pathsOf(whole)).toEqual([]);
    expect(pathsOf({ ...whole, provider: 'gcp' })).toEqual(['provider']);
    expect(pathsOf({ ...whole, provider: 'AWS' })).toEqual(['provider']);
    expect(pathsOf({ ...whole, data: { ...data, region: 'x' } })).toEqual(['data.region']);
    expect(pathsOf({ ...whole, data: undefined })).toEqual(['data']);
    expect(pathsOf({ ...whole, credentials: data })).toEqual(['credentials']);
    expect(pathsOf({ ...whole, name: '' })).toEqual(['name']);
    expect(pathsOf([])).toEqual(['']);
  });

  it('gives the secret under whichever name it came', () => {
    expect(givenData(update.parse({ credentials: data }))).toEqual(data);
    expect(givenData(update.parse({ data }))).toEqual(data);
    expect(givenData(update.parse({}))).toBeUndefined();
    expect(update.safeParse({ data, credentials: data }).success).toBe(false);
  });

  it('is never quoted by what refuses it', () => {
    const canary = fc.string({ minLength: 8, maxLength: 40 }).map((text) => `canary ${text}`);
    const wrong = fc.oneof(
      canary.map((secret) => ({ ...whole, data: { ...data, secret_key: secret } })),
      canary.map((secret) => ({ ...whole, data: { ...data, access_key: secret } })),
      canary.map((secret) => ({ ...whole, data: { ...data, region: secret } })),
      canary.map((secret) => ({ ...whole, data: secret })),
      canary.map((secret) => ({ ...whole, provider: secret })),
      canary.map((secret) => ({ ...whole, workspace_id: secret })),
      canary.map((secret) => ({ ...whole, credentials: { access_key: secret } })),
    );
    fc.assert(
      fc.property(wrong, (value) => {
        const { error } = body.safeParse(value);
        expect(error).toBeDefined();
        expect(JSON.stringify(error?.issues)).not.toContain('canary');
      }),
      { numRuns: 1_000 },
    );
  });
});
