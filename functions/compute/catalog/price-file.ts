import type { VmProvider } from '../../../contracts/compute/providers.ts';
import type { Price } from './price.ts';

interface KnownType {
  vcpus: number;
  memoryMb: number;
  /** In the order of `regions`. */
  hourly: readonly string[];
}

/**
 * Public on-demand prices of EC2 in USD an hour, Linux, shared tenancy, as they stood on this day: for stages that reach no price service.
 * Written down by hand from what AWS publishes at https://aws.amazon.com/ec2/pricing/on-demand/; whoever brings it up to date sets the day, too.
 */
export const fileDate = '2026-06-17';

const regions: readonly string[] = ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1', 'ap-northeast-2'];

const type = (vcpus: number, memoryMb: number, ...hourly: string[]): KnownType => ({ vcpus, memoryMb, hourly });

const aws: Readonly<Record<string, KnownType>> = {
  't2.micro': type(1, 1_024, '0.0116', '0.0116', '0.0126', '0.0134', '0.0144'),
  't3.nano': type(2, 512, '0.0052', '0.0052', '0.0057', '0.006', '0.0065'),
  't3.micro': type(2, 1_024, '0.0104', '0.0104', '0.0114', '0.012', '0.013'),
  't3.small': type(2, 2_048, '0.0208', '0.0208', '0.0228', '0.024', '0.026'),
  't3.medium': type(2, 4_096, '0.0416', '0.0416', '0.0456', '0.048', '0.052'),
  't3.large': type(2, 8_192, '0.0832', '0.0832', '0.0912', '0.096', '0.104'),
  't3.xlarge': type(4, 16_384, '0.1664', '0.1664', '0.1824', '0.192', '0.208'),
  't3.2xlarge': type(8, 32_768, '0.3328', '0.3328', '0.3648', '0.384', '0.416'),
  't4g.nano': type(2, 512, '0.0042', '0.0042', '0.0046', '0.0048', '0.0052'),
  't4g.micro': type(2, 1_024, '0.0084', '0.0084', '0.0092', '0.0096', '0.0104'),
  't4g.small': type(2, 2_048, '0.0168', '0.0168', '0.0184', '0.0192', '0.0208'),
  't4g.medium': type(2, 4_096, '0.0336', '0.0336', '0.0368', '0.0384', '0.0416'),
  't4g.large': type(2, 8_192, '0.0672', '0.0672', '0.0736', '0.0768', '0.0832'),
  't4g.xlarge': type(4, 16_384, '0.1344', '0.1344', '0.1472', '0.1536', '0.1664'),
  't4g.2xlarge': type(8, 32_768, '0.2688', '0.2688', '0.2944', '0.3072', '0.3328'),
  'm5.large': type(2, 8_192, '0.096', '0.096', '0.107', '0.115', '0.118'),
  'm5.xlarge': type(4, 16_384, '0.192', '0.192', '0.214', '0.23', '0.236'),
  'm5.2xlarge': type(8, 32_768, '0.384', '0.384', '0.428', '0.46', '0.472'),
  'c5.large': type(2, 4_096, '0.085', '0.085', '0.096', '0.097', '0.096'),
  'c5.xlarge': type(4, 8_192, '0.17', '0.17', '0.192', '0.194', '0.192'),
  'c5.2xlarge': type(8, 16_384, '0.34', '0.34', '0.384', '0.388', '0.384'),
  'r5.large': type(2, 16_384, '0.126', '0.126', '0.141', '0.152', '0.152'),
  'r5.xlarge': type(4, 32_768, '0.252', '0.252', '0.282', '0.304', '0.304'),
  'r5.2xlarge': type(8, 65_536, '0.504', '0.504', '0.564', '0.608', '0.608'),
};

const files: Readonly<Record<VmProvider, Readonly<Record<string, KnownType>>>> = { aws };

const known = (provider: VmProvider, instanceType: string): KnownType | undefined =>
  Object.hasOwn(files[provider], instanceType) ? files[provider][instanceType] : undefined;

export function priceInFile(provider: VmProvider, region: string, instanceType: string): Price | undefined {
  const at = regions.indexOf(region);
  const hourly = known(provider, instanceType)?.hourly[at];
  if (hourly === undefined) return undefined;
  return { hourly, currency: 'USD', source: `file:${fileDate}`, at: `${fileDate}T00:00:00.000Z` };
}

/** A type is the same in every region that has it. */
export function typeInFile(
  provider: VmProvider,
  instanceType: string,
): { vcpus: number; memory_mb: number } | undefined {
  const found = known(provider, instanceType);
  return found && { vcpus: found.vcpus, memory_mb: found.memoryMb };
}

export const typesInFile = (provider: VmProvider): string[] => Object.keys(files[provider]);
