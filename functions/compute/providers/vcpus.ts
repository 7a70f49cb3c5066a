import type { VmProvider } from '../../../contracts/compute/providers.ts';
import { awsVcpus } from './aws/instance-vcpus.ts';

/** Virtual processors of the types that were there when the tables were made; undefined of any other. */
export const knownVcpus: Readonly<Record<VmProvider, (instanceType: string) => number | undefined>> = {
  aws: awsVcpus,
};
