import { writeFileSync } from 'node:fs';
import { EC2Client, paginateDescribeInstanceTypes } from '@aws-sdk/client-ec2';
import { shortSize, usualVcpus } from './instance-vcpus.ts';

/**
 * Writes the table of EC2's instance types anew, from EC2 itself: `node functions/compute/providers/aws/write-instance-sizes.ts`, with a region's credentials, or with
 * AWS_ENDPOINT_URL_EC2 of the local stage.
 */
const file = new URL('./instance-sizes.ts', import.meta.url);

const client = new EC2Client({ region: process.env['AWS_REGION'] ?? 'us-east-1' });
const families = new Map<string, Map<string, number>>();
for await (const { InstanceTypes = [] } of paginateDescribeInstanceTypes({ client }, {})) {
  for (const { InstanceType: type = '', VCpuInfo: processors } of InstanceTypes) {
    const [family = '', size = ''] = type.split(/\.(.*)/);
    const sizes = families.get(family) ?? new Map<string, number>();
    families.set(family, sizes.set(shortSize(size), processors?.DefaultVCpus ?? 0));
  }
}

const entryOf = ([size, vcpus]: [string, number]) => (usualVcpus(size) === vcpus ? size : `${size}=${vcpus}`);
const bySizes = new Map<string, string[]>();
for (const [family, sizes] of [...families].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
  const sorted = [...sizes].toSorted((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
  const told = sorted.map(entryOf).join(' ');
  bySizes.set(told, [...(bySizes.get(told) ?? []), family]);
}
const lines = [...bySizes].map(([sizes, alike]) => `  ['${alike.join(' ')}', '${sizes}'],`);

writeFileSync(
  file,
  `/** Made by write-instance-sizes.ts. Families of EC2 and their sizes, with the virtual processors where those are unusual. */
export const awsFamilies: readonly (readonly [families: string, sizes: string])[] = [
${lines.join('\n')}
];
`,
);
