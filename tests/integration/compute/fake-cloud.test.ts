import { ProviderError, type ProviderErrorName } from '../../../functions/compute/domain/provider-error.ts';
import { createFakeCloud } from './fake-cloud.ts';
import { type ContractFault, providerContract } from './provider-contract.ts';

const cloud = createFakeCloud();

const refusals: Readonly<Record<Exclude<ContractFault, 'answer lost'>, ProviderErrorName>> = {
  throttled: 'ProviderThrottled',
  'credential rejected': 'CredentialRejected',
  'no capacity': 'CapacityLacking',
};

providerContract('the fake', () => ({
  provider: () => cloud.connect({ region: 'any', secret: {} }),
  imageId: 'image',
  instanceType: 'small',
  otherType: 'large',
  missingImageId: 'missing',
  missingMachineId: 'i-none',
  failNextLaunch(fault) {
    const lost = new ProviderError('ProviderUnavailable', 'no answer', { effect: 'unknown' });
    if (fault === 'answer lost') cloud.plan({ on: 'launch', when: 'after', error: lost });
    else cloud.plan({ on: 'launch', when: 'before', error: new ProviderError(refusals[fault], fault) });
  },
  pendingFaults: cloud.pending,
  tagsOf: async (id) => ({ ...cloud.machines.get(id)?.tags }),
  countAlive: async (vmId) => cloud.alive(vmId).length,
}));
