import {
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  EC2Client,
  paginateDescribeInstanceTypes,
} from '@aws-sdk/client-ec2';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ProviderError } from '../../../functions/compute/domain/provider-error.ts';
import { providers } from '../../../functions/compute/providers/index.ts';
import type { MachineSpec } from '../../../functions/compute/providers/provider.ts';
import { knownVcpus } from '../../../functions/compute/providers/vcpus.ts';
import { runMetered } from '../../../functions/platform/meter.ts';
import type { Ec2Fault } from '../../../local/ec2-proxy/create-ec2-proxy.ts';
import { type InProcessEmulator, startInProcessEmulator } from '../../support/in-process-emulator.ts';
import { type Ec2, startEc2 } from './ec2.ts';
import { type ContractFault, providerContract } from './provider-contract.ts';

const region = 'eu-west-1';
const secret = { access_key: 'AKIAPROVIDER00000000', secret_key: 'providerProviderProviderProvider', region };
/** Amazon Linux as moto knows it. */
const imageId = 'ami-12c6146b';

let ec2: Ec2;
let emulator: InProcessEmulator;
let onlooker: EC2Client;

beforeAll(async () => {
  [ec2, emulator] = await Promise.all([startEc2(), startInProcessEmulator()]);
  vi.stubEnv('AWS_ENDPOINT_URL_STS', emulator.client.endpoint);
  vi.stubEnv('AWS_ENDPOINT_URL_EC2', ec2.endpoint);
  onlooker = new EC2Client({ region, credentials: { accessKeyId: 'onlooker', secretAccessKey: 'onlooker' } });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  onlooker?.destroy();
  await Promise.all([ec2?.stop(), emulator?.stop()]);
});

const faults: Readonly<Record<ContractFault, Ec2Fault>> = {
  'answer lost': { kind: 'drop', when: 'after' },
  throttled: { kind: 'throttle' },
  'credential rejected': { kind: 'error', code: 'AuthFailure', status: 401 },
  'no capacity': { kind: 'error', code: 'InsufficientInstanceCapacity', status: 500 },
};

const instancesOf = async (vmId: string) => {
  const Filters = [{ Name: 'tag:skyclust:vm-id', Values: [vmId] }];
  const { Reservations = [] } = await onlooker.send(new DescribeInstancesCommand({ Filters }));
  return Reservations.flatMap(({ Instances = [] }) => Instances);
};

providerContract('aws', () => ({
  provider: () => providers.aws({ region, secret }),
  imageId,
  instanceType: 't3.micro',
  otherType: 't3.small',
  missingImageId: 'ami-00000000000000000',
  missingMachineId: 'i-00000000000000000',
  failNextLaunch: (fault) => ec2.plan('RunInstances', faults[fault]),
  pendingFaults: ec2.pending,
  async tagsOf(id) {
    const { Reservations = [] } = await onlooker.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    const [instance] = Reservations.flatMap(({ Instances = [] }) => Instances);
    return Object.fromEntries((instance?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  },
  countAlive: async (vmId) =>
    (await instancesOf(vmId)).filter(({ State }) => !['terminated', 'shutting-down'].includes(State?.Name ?? ''))
      .length,
}));

const spec = (): MachineSpec => {
  const vmId = uuidv7();
  const plain = { name: 'web-1', instanceType: 't3.micro', imageId, keyPair: null, tags: { team: 'a' } };
  return { vmId, workspaceId: uuidv7(), token: `${vmId}.1`, ...plain };
};

describe('the account of an AWS credential', () => {
  it('is said by a role itself, and of a key asked once', async () => {
    const role = { role_arn: 'arn:aws:iam::777788889999:role/skyclust', external_id: 'external', region };
    expect(await providers.aws({ region, secret: role }).account()).toBe('777788889999');
    const aws = providers.aws({ region, secret });
    const calls = await runMetered(async (meter) => {
      expect(await Promise.all([aws.account(), aws.account()])).toEqual(['111122223333', '111122223333']);
      return meter.read('sts');
    });
    expect(calls).toBe(1);
  });

  it('that STS does not tell is asked for anew', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_STS', 'http://127.0.0.1:1');
    const aws = providers.aws({ region, secret });
    await expect(aws.account()).rejects.toMatchObject({ name: 'ProviderUnavailable', message: 'STS did not answer' });
    vi.stubEnv('AWS_ENDPOINT_URL_STS', emulator.client.endpoint);
    expect(await aws.account()).toBe('111122223333');
  });
});

describe('on EC2, a launch', () => {
  it('carries our ids and the user’s tags, on the disk as well, and asks for session tokens at the metadata service', async () => {
    const asked = spec();
    await providers.aws({ region, secret }).launch(asked);
    const [instance] = await instancesOf(asked.vmId);
    const tags = Object.fromEntries((instance?.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
    expect(tags).toEqual({
      Name: 'web-1',
      team: 'a',
      'skyclust:vm-id': asked.vmId,
      'skyclust:workspace-id': asked.workspaceId,
    });
    expect(instance?.MetadataOptions?.HttpTokens).toBe('required');
    const sent = ec2.requests.findLast(({ action }) => action === 'RunInstances')?.params;
    expect(sent?.get('ClientToken')).toBe(`${asked.vmId}.1`);
    expect(sent?.get('TagSpecification.2.ResourceType')).toBe('volume');
  });

  it('takes a default image that fits the type’s processor', async () => {
    const aws = providers.aws({ region, secret });
    const [x86, arm] = await Promise.all([aws.defaultImage('t3.micro'), aws.defaultImage('t4g.micro')]);
    expect([x86, arm]).toEqual([expect.stringMatching(/^ami-/), expect.stringMatching(/^ami-/)]);
    expect(arm).not.toBe(x86);
    const machine = await aws.launch({ ...spec(), imageId: arm, instanceType: 't4g.micro' });
    expect(machine.state).not.toBe('gone');
  });

  it('hands user data over as it is, byte for byte', async () => {
    const userData = Buffer.from('#!/bin/sh\necho 안녕 > /etc/motd\n');
    const asked = { ...spec(), userData };
    const { id } = await providers.aws({ region, secret }).launch(asked);
    const { UserData } = await onlooker.send(
      new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: 'userData' }),
    );
    expect(Buffer.from(UserData?.Value ?? '', 'base64')).toEqual(userData);
  });

  it('refused for its type, key pair or region says what EC2 says', async () => {
    const aws = providers.aws({ region, secret });
    await expect(aws.defaultImage('t0.none')).rejects.toMatchObject({ name: 'ProviderRefused' });
    await expect(aws.launch({ ...spec(), instanceType: 't0.none' })).rejects.toMatchObject({ name: 'ProviderRefused' });
    const keyless = aws.launch({ ...spec(), keyPair: 'none' });
    await expect(keyless).rejects.toMatchObject({ name: 'ProviderRefused', message: expect.stringMatching(/KeyPair/) });
    expect(() => providers.aws({ region: 'nowhere', secret })).toThrow(ProviderError);
  });
});

describe('the table of instance types', () => {
  it('says of every type that EC2 has how many virtual processors it has', async () => {
    const told: [string, number | undefined][] = [];
    for await (const { InstanceTypes = [] } of paginateDescribeInstanceTypes({ client: onlooker }, {}))
      for (const { InstanceType = '', VCpuInfo } of InstanceTypes) told.push([InstanceType, VCpuInfo?.DefaultVCpus]);
    expect(told.length).toBeGreaterThan(1_000);
    expect(told.filter(([type, vcpus]) => knownVcpus.aws(type) !== vcpus)).toEqual([]);
    for (const unknown of ['t0.none', 't3.none', 't3', '', 'constructor.large', 't3.micro=9'])
      expect([unknown, knownVcpus.aws(unknown)]).toEqual([unknown, undefined]);
  });
});

describe('whose rights EC2 sees', () => {
  it('are the workspace’s, never the platform’s', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAPLATFORM00000000');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'platform');
    vi.stubEnv('AWS_SESSION_TOKEN', 'platform-session');
    const seen: string[] = [];
    const note = (request: { headers: Record<string, unknown> }) => {
      seen.push(`${request.headers['authorization']} ${request.headers['x-amz-security-token']}`);
    };
    ec2.proxy.server.on('request', note);
    await providers.aws({ region, secret }).find(uuidv7());
    ec2.proxy.server.off('request', note);
    expect(seen).toEqual([expect.stringContaining(`Credential=${secret.access_key}/`)]);
    expect(seen.join()).not.toMatch(/PLATFORM|platform/);
  });

  it('are nobody’s when the secret holds none: it fails before EC2 is asked', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAPLATFORM00000000');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'platform');
    const before = ec2.requests.length;
    for (const poor of [
      undefined,
      null,
      {},
      { ...secret, secret_key: '' },
      { ...secret, access_key: undefined },
      'text',
    ]) {
      const launch = async () => providers.aws({ region, secret: poor }).launch(spec());
      await expect(launch()).rejects.toMatchObject({ name: 'CredentialRejected' });
    }
    expect(ec2.requests.length).toBe(before);
  });
});
