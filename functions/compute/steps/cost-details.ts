import type { VmRecord } from '../domain/vm.ts';
import type { VmDetails } from '../ports.ts';
import type { StepDependencies } from './step.ts';

/** What a month of the VM costs as this type: null where nobody knows. A price list that does not answer keeps no machine waiting. */
export async function costDetails(
  { id, provider, region }: VmRecord,
  instanceType: string,
  { monthlyCost, logger }: Pick<StepDependencies, 'monthlyCost' | 'logger'>,
): Promise<VmDetails> {
  try {
    return { estimated_monthly_cost: (await monthlyCost(provider, region, instanceType)) ?? null };
  } catch (error) {
    logger.error('cannot price VM', { vm_id: id, error });
    return { estimated_monthly_cost: null };
  }
}
