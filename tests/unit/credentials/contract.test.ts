import { describe, expect, it } from 'vitest';
import { credentialRoutes, dataField, givenData } from '../../../contracts/credentials/routes.ts';
import { fc } from '../../support/properties.ts';
import { dataSamples, gcpKeyFile, gcpWorkloadConfig } from './sample-data.ts';

const bodyOf = <Schema>({ body: schema }: { body?: Schema }) => schema as NonNullable<Schema>;
const queryOf = <Schema>({ query: schema }: { query?: Schema }) => schema as NonNullable<Schema>;
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

describe('the body of a credential', () => {
  it.each(dataSamples)('takes data of %s under either name', (provider, sample) => {
    const { data: _, ...bare } = whole;
    expect(pathsOf({ ...bare, provider, data: sample })).toEqual([]);
    expect(pathsOf({ ...bare, provider, credentials: sample })).toEqual([]);
    expect(update.parse({ data: sample }).data).toEqual(sample);
  });

  it('names the place of what does not fit', () => {
    expect(pathsOf(whole)).toEqual([]);
    expect(pathsOf({ ...whole, provider: 'oracle' })).toEqual(['provider']);
    expect(pathsOf({ ...whole, data: undefined })).toEqual(['data']);
    expect(pathsOf({ ...whole, credentials: data })).toEqual(['credentials']);
    expect(pathsOf({ ...whole, name: '' })).toEqual(['name']);
    expect(pathsOf([])).toEqual(['']);
  });

  it('takes the name of its provider in any case', () => {
    expect(body.parse({ ...whole, provider: 'AWS' }).provider).toBe('aws');
    const query = queryOf(credentialRoutes['credentials.list']);
    expect(query.parse({ provider: ['AWS', 'Gcp'] }).provider).toEqual(['aws', 'gcp']);
    expect(query.safeParse({ provider: ['oracle'] }).success).toBe(false);
  });

  it('gives the secret under whichever name it came', () => {
    expect(givenData(update.parse({ credentials: data }))).toEqual(data);
    expect(givenData(update.parse({ data }))).toEqual(data);
    expect(givenData(update.parse({}))).toBeUndefined();
    expect(update.safeParse({ data, credentials: data }).success).toBe(false);
    expect([dataField({ data }), dataField({ credentials: data })]).toEqual(['data', 'credentials']);
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
      canary.map((secret) => ({ ...whole, data: { role_arn: secret, region: 'eu-west-1' } })),
      canary.map((secret) => ({ ...whole, data: { ...data, external_id: secret } })),
      ...(['private_key', 'private_key_id', 'client_email', 'project_id', 'type', 'token_uri'] as const).map((field) =>
        canary.map((secret) => ({ ...whole, provider: 'gcp', data: { ...gcpKeyFile(), [field]: secret } })),
      ),
      ...(['audience', 'token_url', 'type', 'credential_source'] as const).map((field) =>
        canary.map((secret) => ({ ...whole, provider: 'gcp', data: { ...gcpWorkloadConfig, [field]: secret } })),
      ),
      ...(['tenant_id', 'client_secret'] as const).map((field) =>
        canary.map((secret) => ({
          ...whole,
          provider: 'azure',
          data: { client_secret: `${secret} `, [field]: secret },
        })),
      ),
      canary.map((secret) => ({ ...whole, provider: 'libvirt', data: { node_id: secret } })),
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
