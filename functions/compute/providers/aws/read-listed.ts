import type { Image as Ec2Image, Instance as Ec2Instance, InstanceTypeInfo } from '@aws-sdk/client-ec2';
import type { Image, Instance, InstanceType } from '../catalog.ts';

export const readListed = (instance: Ec2Instance, region: string): Instance => ({
  id: instance.InstanceId ?? '',
  name: instance.Tags?.find(({ Key }) => Key === 'Name')?.Value ?? '',
  status: instance.State?.Name ?? 'unknown',
  type: instance.InstanceType ?? '',
  region,
  public_ip: instance.PublicIpAddress || null,
  private_ip: instance.PrivateIpAddress || null,
  created_at: (instance.LaunchTime ?? new Date(0)).toISOString(),
});

export const readInstanceType = (info: InstanceTypeInfo): InstanceType => ({
  name: info.InstanceType ?? '',
  vcpus: info.VCpuInfo?.DefaultVCpus ?? 0,
  memory_mb: info.MemoryInfo?.SizeInMiB ?? 0,
  gpu: (info.GpuInfo?.Gpus ?? []).reduce((sum, { Count = 0 }) => sum + Count, 0),
});

interface Family {
  family: string;
  /** Of AMIs' names, with EC2's `*`. */
  pattern: string;
  fits: RegExp;
}

const ubuntu = (family: string, release: string): Family => ({
  family,
  pattern: `ubuntu/images/hvm-ssd*/ubuntu-${release}-*-server-*`,
  fits: new RegExp(`^ubuntu/images/hvm-ssd[^/]*/ubuntu-${release}-(amd64|arm64)-server-\\d`),
});
const debian = (family: string): Family => ({
  family,
  pattern: `${family}-*`,
  fits: new RegExp(`^${family}-(amd64|arm64)-\\d`),
});
const windows = (family: string, year: string): Family => ({
  family,
  pattern: `Windows_Server-${year}-English-Full-Base-*`,
  fits: new RegExp(`^Windows_Server-${year}-English-Full-Base-\\d`),
});

/** The systems of `images`, each a release with long-term support. A new release is a line. */
export const families: readonly Family[] = [
  { family: 'amazon-linux-2023', pattern: 'al2023-ami-2023.*-kernel-*', fits: /^al2023-ami-2023\..*-kernel-/ },
  ubuntu('ubuntu-22.04', 'jammy-22.04'),
  ubuntu('ubuntu-24.04', 'noble-24.04'),
  debian('debian-12'),
  debian('debian-13'),
  windows('windows-server-2022', '2022'),
  windows('windows-server-2025', '2025'),
];

/** Amazon, Canonical (https://documentation.ubuntu.com/aws/), Debian (https://wiki.debian.org/Cloud/AmazonEC2Image): anybody may name an image like theirs. */
export const imageOwners = ['amazon', '099720109477', '136693071363'];

function readImage(image: Ec2Image): Image | undefined {
  const { ImageId: id, Name: name = '', CreationDate: made } = image;
  const known = families.find(({ fits }) => fits.test(name));
  if (known === undefined || id === undefined) return undefined;
  const created_at = new Date(made ?? 0).toISOString();
  return { id, name, family: known.family, architecture: image.Architecture ?? 'x86_64', created_at };
}

/** The newest of each family and architecture. */
export function currentImages(found: readonly Ec2Image[]): Image[] {
  const newest = new Map<string, Image>();
  for (const image of found.flatMap((one) => readImage(one) ?? [])) {
    const key = `${image.family} ${image.architecture}`;
    const before = newest.get(key);
    if (before === undefined || `${before.created_at} ${before.name}` < `${image.created_at} ${image.name}`)
      newest.set(key, image);
  }
  return [...newest.keys()].sort().flatMap((key) => newest.get(key) ?? []);
}
