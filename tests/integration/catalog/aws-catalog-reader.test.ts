import { CreateTagsCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { awsCatalog } from '../../../functions/compute/providers/aws/aws-catalog.ts';
import type { Ec2Fault } from '../../../local/ec2-proxy/create-ec2-proxy.ts';
import { type Ec2, startEc2 } from '../compute/ec2.ts';
import { catalogContract } from './catalog-contract.ts';

const region = 'eu-west-1';
const secret = { access_key: 'AKIACATALOG000000000', secret_key: 'catalogCatalogCatalog', region };

let ec2: Ec2;
let onlooker: EC2Client;
beforeAll(async () => {
  ec2 = await startEc2();
  vi.stubEnv('AWS_ENDPOINT_URL_EC2', ec2.endpoint);
  onlooker = new EC2Client({ region, credentials: { accessKeyId: 'onlooker', secretAccessKey: 'onlooker' } });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  onlooker?.destroy();
  await ec2?.stop();
});

const aws = awsCatalog(region);
const faults: Readonly<Record<string, Ec2Fault>> = {
  throttled: { kind: 'throttle' },
  'no answer': { kind: 'drop', when: 'after' },
  'credential rejected': { kind: 'error', code: 'AuthFailure', status: 401 },
};

catalogContract('aws', () => ({
  catalog: () => aws.connect({ region, secret }),
  region,
  knownType: { name: 't3.micro', vcpus: 2, memory_mb: 1_024 },
  knownFamily: 'amazon-linux-2023',
  missingInstanceId: 'i-00000000000000000',
  async makeInstance(Value) {
    const one = { ImageId: 'ami-12c6146b', InstanceType: 't3.micro' as const, MinCount: 1, MaxCount: 1 };
    const { Instances = [] } = await onlooker.send(new RunInstancesCommand(one));
    const id = String(Instances[0]?.InstanceId);
    await onlooker.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'Name', Value }] }));
    return id;
  },
  failNext: (fault) => ec2.plan('DescribeInstances', faults[fault] as Ec2Fault),
  pendingFaults: ec2.pending,
}));

describe('on EC2, the catalog', () => {
  it('names regions as AWS does', async () => {
    const regions = await aws.connect({ region, secret }).regions();
    expect(regions).toContainEqual({ name: 'us-east-1', display_name: 'US East (N. Virginia)' });
    expect(regions).toContainEqual({ name: 'us-west-2', display_name: 'US West (Oregon)' });
  });

  it('asks for images of the systems’ own makers alone', async () => {
    await aws.connect({ region, secret }).images();
    const sent = ec2.requests.findLast(({ action }) => action === 'DescribeImages')?.params;
    expect(['1', '2', '3', '4'].map((n) => sent?.get(`Owner.${n}`))).toEqual([
      'amazon',
      '099720109477',
      '136693071363',
      null,
    ]);
  });

  it('is asked with the workspace’s credential, and not at all without one', () => {
    const before = ec2.requests.length;
    for (const poor of [undefined, {}, { ...secret, secret_key: '' }])
      expect(() => aws.connect({ region, secret: poor })).toThrow('the credential holds no');
    expect(() => aws.connect({ region: 'evil.example/', secret })).toThrow('there is no region');
    expect(ec2.requests.length).toBe(before);
  });
});
