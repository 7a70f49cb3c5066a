import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { awsKeys, awsRole } from '../../../contracts/credentials/aws.ts';
import { anyData, dataByProvider } from '../../../contracts/credentials/data.ts';
import { providerNames } from '../../../contracts/credentials/providers.ts';
import { fc } from '../../support/properties.ts';
import {
  awsKeyPair,
  awsRoleData,
  azureApp,
  dataSamples,
  gcpKeyFile,
  gcpWorkloadConfig,
  libvirtNode,
} from './sample-data.ts';

const takes = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

describe('data', () => {
  it.each(dataSamples)('of %s is taken by its provider and by no other', (provider, data) => {
    expect(providerNames.filter((name) => takes(dataByProvider[name], data))).toEqual([provider]);
    expect(anyData.parse(data)).toEqual(data);
  });

  it.each(dataSamples)('of %s with a field more, or one less, is refused', (provider, data) => {
    expect(takes(dataByProvider[provider], { ...data, external_id: 'of my own choice' })).toBe(false);
    const optional =
      /^(client_id|auth_uri|token_uri|auth_provider_x509_cert_url|client_x509_cert_url|universe_domain|service_account_impersonation_url)$/;
    for (const field of Object.keys(data)) {
      if (provider === 'gcp' && optional.test(field)) continue;
      expect([field, takes(dataByProvider[provider], { ...data, [field]: undefined })]).toEqual([field, false]);
    }
  });

  it.each(dataSamples)('of %s with a field of another kind is refused', (provider, data) => {
    const odd = fc.oneof(
      fc.integer(),
      fc.constant(null),
      fc.boolean(),
      fc.array(fc.string()),
      fc.string().map((text) => `${text}\u0000`),
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(data)), odd, (field, value) => {
        expect(takes(dataByProvider[provider], { ...data, [field]: value })).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

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
      expect([region, takes(awsKeys, { ...awsKeyPair, region })]).toEqual([region, true]);
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
      expect([region, takes(awsKeys, { ...awsKeyPair, region }), takes(awsRole, { ...awsRoleData, region })]).toEqual([
        region,
        false,
        false,
      ]);
    }
  });

  it('refuses keys with what a paste brings along', () => {
    for (const secret_key of ['', ' a', 'a ', 'a\n', 'a b', 'ä', 'a'.repeat(129)])
      expect(takes(awsKeys, { ...awsKeyPair, secret_key })).toBe(false);
    for (const access_key of ['', 'AKIA', 'akiaiosfodnn7example', `${awsKeyPair.access_key}\n`])
      expect(takes(awsKeys, { ...awsKeyPair, access_key })).toBe(false);
  });

  it('takes the ARN of a role, and of nothing else', () => {
    const arns = ['aws', 'aws-cn', 'aws-us-gov'].map((part) => `arn:${part}:iam::444455556666:role/a`);
    for (const role_arn of [...arns, 'arn:aws:iam::444455556666:role/a/b/c+=,.@-_1']) {
      expect([role_arn, takes(awsRole, { ...awsRoleData, role_arn })]).toEqual([role_arn, true]);
    }
    for (const role_arn of [
      'arn:aws:iam::444455556666:user/a',
      'arn:aws:iam::44445555666:role/a',
      'arn:aws:iam::444455556666:role/',
      'arn:aws:iam::444455556666:role//a',
      'arn:aws:iam::444455556666:role/a*',
      'arn:aws:iam::444455556666:role/a b',
      'arn:aws:iam::444455556666:role/a\n',
      'arn:aws:sts::444455556666:assumed-role/a/b',
      `arn:aws:iam::444455556666:role/${'a'.repeat(2_048)}`,
    ]) {
      expect([role_arn, takes(awsRole, { ...awsRoleData, role_arn })]).toEqual([role_arn, false]);
    }
  });

  it('is a key or a role, not both', () => {
    expect(takes(dataByProvider.aws, { ...awsKeyPair, ...awsRoleData })).toBe(false);
  });
});

describe('the data of a GCP credential', () => {
  it('sends no token to a place that Google is not at', () => {
    const key = gcpKeyFile();
    for (const url of [
      'http://oauth2.googleapis.com/token',
      'https://oauth2.googleapis.com.evil.example/token',
      'https://evil.example/?googleapis.com/token',
      'https://evil.example#.googleapis.com/token',
      'https://a@evil.example/.google.com/',
      'https://169.254.169.254/',
    ]) {
      for (const field of ['token_uri', 'auth_uri', 'client_x509_cert_url', 'auth_provider_x509_cert_url'])
        expect([field, url, takes(dataByProvider.gcp, { ...key, [field]: url })]).toEqual([field, url, false]);
      for (const field of ['token_url', 'service_account_impersonation_url'])
        expect(takes(dataByProvider.gcp, { ...gcpWorkloadConfig, [field]: url })).toBe(false);
      for (const field of Object.keys(gcpWorkloadConfig.credential_source)) {
        const credential_source = { ...gcpWorkloadConfig.credential_source, [field]: url };
        expect(takes(dataByProvider.gcp, { ...gcpWorkloadConfig, credential_source })).toBe(false);
      }
    }
  });

  it('reads no file and runs no command of ours', () => {
    const { regional_cred_verification_url } = gcpWorkloadConfig.credential_source;
    for (const credential_source of [
      { file: '/proc/self/environ' },
      { url: 'http://169.254.169.254/latest/meta-data/iam/security-credentials' },
      { executable: { command: '/bin/sh', timeout_millis: 5_000 } },
      { environment_id: 'aws1', regional_cred_verification_url, file: '/etc/passwd' },
    ]) {
      expect(takes(dataByProvider.gcp, { ...gcpWorkloadConfig, credential_source })).toBe(false);
    }
  });

  it('takes a key in PEM, whole', () => {
    const { private_key } = gcpKeyFile();
    expect(private_key.length).toBeGreaterThan(1_600);
    for (const wrong of [
      '',
      'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC',
      private_key.replace('BEGIN PRIVATE', 'BEGIN RSA PRIVATE'),
      private_key.replaceAll('\n', '\\n'),
      private_key.slice(0, 200),
      `${private_key}${private_key}`,
      `${private_key} `,
    ]) {
      expect(takes(dataByProvider.gcp, gcpKeyFile(wrong))).toBe(false);
    }
  });
});

describe('the data of the others', () => {
  it('is of Azure with four fields, of which three are UUIDs', () => {
    for (const field of ['tenant_id', 'client_id', 'subscription_id'])
      expect(takes(dataByProvider.azure, { ...azureApp(), [field]: 'contoso.onmicrosoft.com' })).toBe(false);
    for (const secret of ['', 'a b', 'a\n', 'ä', 'a'.repeat(256)])
      expect(takes(dataByProvider.azure, azureApp(secret))).toBe(false);
  });

  it('is of libvirt the id of a node', () => {
    expect(takes(dataByProvider.libvirt, { ...libvirtNode, node_id: 'my-node' })).toBe(false);
  });
});
