import type { EC2Client, Image, InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { createAwsCatalogReader } from '../../../../functions/compute/providers/aws/aws-catalog-reader.ts';
import { currentImages } from '../../../../functions/compute/providers/aws/read-listed.ts';
import { knownRegions, regionOf } from '../../../../functions/compute/providers/aws/region-names.ts';

type Sent = { input: { NextToken?: string; MaxResults?: number } };

/** A client that answers page by page and notes what it was sent. */
function paged(pages: readonly object[]) {
  const sent: Sent[] = [];
  const send = async (command: Sent) => {
    sent.push(command);
    const at = Number(command.input.NextToken ?? 0);
    return { ...pages[at], ...(at + 1 < pages.length && { NextToken: String(at + 1) }) };
  };
  return { client: { send } as unknown as EC2Client, sent };
}

const type = (name: string, more: object = {}) =>
  ({
    InstanceType: name,
    VCpuInfo: { DefaultVCpus: 2 },
    MemoryInfo: { SizeInMiB: 4_096 },
    ...more,
  }) as InstanceTypeInfo;

describe('EC2’s instance types', () => {
  it('are read page after page, and listed by name', async () => {
    const { client, sent } = paged([{ InstanceTypes: [type('c'), type('b')] }, { InstanceTypes: [type('a')] }]);
    const types = await createAwsCatalogReader(client, 'eu-west-1').instanceTypes();
    expect(types.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(sent.map(({ input }) => input)).toEqual([{ MaxResults: 100 }, { MaxResults: 100, NextToken: '1' }]);
  });

  it('have as many accelerators as all their kinds together', async () => {
    const gpus = { GpuInfo: { Gpus: [{ Count: 4 }, { Count: 1 }] } };
    const { client } = paged([{ InstanceTypes: [type('p3.8xlarge', gpus), type('t3.micro')] }]);
    const types = await createAwsCatalogReader(client, 'eu-west-1').instanceTypes();
    expect(types).toEqual([
      { name: 'p3.8xlarge', vcpus: 2, memory_mb: 4_096, gpu: 5 },
      { name: 't3.micro', vcpus: 2, memory_mb: 4_096, gpu: 0 },
    ]);
  });

  it('are not read for ever, whatever EC2 says of more pages, and a part is not taken for the whole', async () => {
    const { client, sent } = paged(Array.from({ length: 100 }, () => ({ InstanceTypes: [type('a')] })));
    const reading = createAwsCatalogReader(client, 'eu-west-1').instanceTypes();
    await expect(reading).rejects.toMatchObject({ name: 'ProviderUnavailable' });
    expect(sent).toHaveLength(30);
  });
});

describe('the instances', () => {
  const instances = (count: number) => ({
    Reservations: [{ Instances: Array.from({ length: count }, (_, n) => ({ InstanceId: `i-${n}` })) }],
  });

  it('are read over pages that hold few or none', async () => {
    const { client, sent } = paged([instances(2), { Reservations: [] }, instances(1)]);
    expect(await createAwsCatalogReader(client, 'eu-west-1').instances()).toHaveLength(3);
    expect(sent).toHaveLength(3);
  });

  it('are the first 1,000', async () => {
    const { client, sent } = paged([instances(700), instances(700), instances(700)]);
    expect(await createAwsCatalogReader(client, 'eu-west-1').instances()).toHaveLength(1_000);
    expect(sent).toHaveLength(2);
  });
});

describe('the images', () => {
  const image = (Name: string, CreationDate: string, Architecture = 'x86_64') =>
    ({ ImageId: `ami-${Name.length}-${CreationDate}`, Name, CreationDate, Architecture }) as Image;

  it('are the newest of each system and processor, and nothing that is only named like one', () => {
    const noble = 'ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04';
    const found = currentImages([
      image(`${noble}-amd64-server-20260101`, '2026-01-01T00:00:00.000Z'),
      image(`${noble}-amd64-server-20260301`, '2026-03-01T00:00:00.000Z'),
      image(`${noble}-arm64-server-20260201`, '2026-02-01T00:00:00.000Z', 'arm64'),
      image('ubuntu/images-testing/hvm-ssd-gp3/ubuntu-noble-daily-amd64-server-20260401', '2026-04-01T00:00:00.000Z'),
      image('debian-12-amd64-20260101-1', '2026-01-01T00:00:00.000Z'),
      image('debian-12-backports-amd64-20260101-1', '2026-05-01T00:00:00.000Z'),
      image('Windows_Server-2025-English-Full-Base-2026.01.14', '2026-01-14T00:00:00.000Z'),
      image('al2023-ami-2023.6.20260101.0-kernel-6.1-x86_64', '2026-01-01T00:00:00.000Z'),
      image('al2023-ami-minimal-2023.6.20260101.0-kernel-6.1-x86_64', '2026-06-01T00:00:00.000Z'),
    ]);
    expect(found.map(({ family, architecture, created_at: at }) => [family, architecture, at.slice(0, 10)])).toEqual([
      ['amazon-linux-2023', 'x86_64', '2026-01-01'],
      ['debian-12', 'x86_64', '2026-01-01'],
      ['ubuntu-24.04', 'arm64', '2026-02-01'],
      ['ubuntu-24.04', 'x86_64', '2026-03-01'],
      ['windows-server-2025', 'x86_64', '2026-01-14'],
    ]);
  });
});

describe('the regions', () => {
  it('have the names that AWS gives them, and a new one its code', () => {
    expect(regionOf('us-east-1').display_name).toBe('US East (N. Virginia)');
    expect(regionOf('us-west-2').display_name).toBe('US West (Oregon)');
    expect(regionOf('eu-north-9').display_name).toBe('eu-north-9');
    expect(regionOf('constructor').display_name).toBe('constructor');
    expect(knownRegions.map(({ name }) => name)).toEqual(knownRegions.map(({ name }) => name).toSorted());
  });
});
