import {
  type _InstanceType,
  DescribeImagesCommand,
  DescribeInstanceTypesCommand,
  type EC2Client,
  type Image,
} from '@aws-sdk/client-ec2';
import { ProviderError } from '../../domain/provider-error.ts';

/** Amazon Linux 2023, in its standard form: it has long-term support, is in every region, and its name tells the processor. */
const imageName = (architecture: string) => `al2023-ami-2023.*-kernel-*-${architecture}`;

const newest = (a: Image, b: Image) => {
  const [left, right] = [a, b].map(({ CreationDate = '', Name = '' }) => `${CreationDate}#${Name}`) as [string, string];
  return left < right ? 1 : -1;
};

/** The current Linux image for an instance type, of Amazon's own. */
export async function defaultImage(client: EC2Client, instanceType: string): Promise<string> {
  // The SDK's union is of the types that there were when it was made.
  const InstanceTypes = [instanceType as _InstanceType];
  const { InstanceTypes: types = [] } = await client.send(new DescribeInstanceTypesCommand({ InstanceTypes }));
  const architectures = types[0]?.ProcessorInfo?.SupportedArchitectures ?? [];
  const architecture = architectures.includes('arm64') ? 'arm64' : 'x86_64';
  const { Images: images = [] } = await client.send(
    new DescribeImagesCommand({
      Owners: ['amazon'],
      Filters: [
        { Name: 'name', Values: [imageName(architecture)] },
        { Name: 'architecture', Values: [architecture] },
        { Name: 'state', Values: ['available'] },
      ],
    }),
  );
  const [image] = images.toSorted(newest);
  if (image?.ImageId === undefined)
    throw new ProviderError('ImageNotFound', `there is no default image for ${instanceType}`);
  return image.ImageId;
}
