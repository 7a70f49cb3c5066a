import type { VmProvider } from '../../../contracts/compute/providers.ts';
import { invalid } from '../../../contracts/errors.ts';
import type { VcpusOf } from '../ports.ts';

interface Sized {
  provider: VmProvider;
  region: string;
  instance_type: string;
}

/** What a type takes of the quota. One that nobody knows can't be counted, so it can't be had. */
export async function countVcpus(
  vcpusOf: VcpusOf,
  { provider, region, instance_type: instanceType }: Sized,
): Promise<number> {
  const vcpus = await vcpusOf(provider, region, instanceType);
  if (vcpus === undefined) {
    throw invalid([{ path: 'body.instance_type', message: `is no instance type of ${provider} that is known here` }]);
  }
  return vcpus;
}
