import { catalogContract } from './catalog-contract.ts';
import { createFakeCatalog } from './fake-catalog.ts';

const fake = createFakeCatalog();
const faults = {
  throttled: 'ProviderThrottled',
  'no answer': 'ProviderUnavailable',
  'credential rejected': 'CredentialRejected',
} as const;

catalogContract('the fake', () => ({
  catalog: () => fake.connect({ region: 'any-1', secret: {} }),
  region: 'any-1',
  knownType: { name: 'small', vcpus: 1, memory_mb: 1_024 },
  knownFamily: 'linux',
  missingInstanceId: 'i-none',
  async makeInstance(name) {
    const id = `i-${fake.instances.size}`;
    const rest = { status: 'on', type: 'small', region: 'any-1', public_ip: null, private_ip: null };
    fake.instances.set(id, { id, name, ...rest, created_at: '2026-01-01T00:00:00.000Z' });
    return id;
  },
  failNext: (fault) => void fake.faults.push(faults[fault]),
  pendingFaults: () => fake.faults.length,
}));
