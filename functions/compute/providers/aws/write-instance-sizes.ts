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
const key = (family: string) => (/^[a-z]\w*$/.test(family) ? family : `'${family}'`);
const lines = [...families]
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([family, sizes]) => {
    const sorted = [...sizes].toSorted((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
    return `  ${key(family)}: '${sorted.map(entryOf).join(' ')}',`;
  });

writeFileSync(
  file,
  `/** Made by write-instance-sizes.ts. The sizes of each family of EC2, with their virtual processors where those are unusual. */
export const awsSizes: Readonly<Record<string, string>> = {
${lines.join('\n')}
};
`,
);
