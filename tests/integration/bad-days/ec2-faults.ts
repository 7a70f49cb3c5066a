import type { Ec2Fault } from '../../../local/ec2-proxy/create-ec2-proxy.ts';
import { rounds } from '../../support/sizes.ts';
import type { PlannedEc2Fault } from './faulted-stack.ts';

const refused = (code: string, status: number): Ec2Fault => ({ kind: 'error', code, status });
const lost = (when: 'before' | 'after'): Ec2Fault => ({ kind: 'drop', when });
const throttled: Ec2Fault = { kind: 'throttle' };

const once = (action: string, fault: Ec2Fault): PlannedEc2Fault => ({ action, fault });
const always = (action: string, fault: Ec2Fault): PlannedEc2Fault => ({ action, fault, always: true });

interface BadDay {
  /** What EC2 does. */
  name: string;
  faults: PlannedEc2Fault[];
  /** The status in which the VM ends; of an error, the reason. */
  ends: 'running' | 'stopped' | 'deleted' | RegExp;
}

const day = (name: string, ends: BadDay['ends'], ...faults: PlannedEc2Fault[]): BadDay => ({ name, ends, faults });

/** While a VM is made. The first ones are met in every run of the tests. */
export const creations: readonly BadDay[] = [
  day('makes the machine and does not say so', 'running', once('RunInstances', lost('after'))),
  day('makes the machine and never says so', /^PROVIDER_UNAVAILABLE/, always('RunInstances', lost('after'))),
  day('throttles twice', 'running', once('RunInstances', throttled), once('RunInstances', throttled)),
  day('rejects the key', /^CREDENTIAL_REJECTED/, once('RunInstances', refused('AuthFailure', 401))),
  day('throttles for half a minute', 'running', ...Array.from({ length: 4 }, () => once('RunInstances', throttled))),
  day('does not answer at first', 'running', once('RunInstances', lost('before'))),
  day('allows nothing', /^CREDENTIAL_REJECTED/, once('RunInstances', refused('UnauthorizedOperation', 403))),
  day('has no machine left', /^CAPACITY_LACKING/, once('RunInstances', refused('InsufficientInstanceCapacity', 500))),
  day(
    'fails inside when it is looked at',
    'running',
    once('DescribeInstances', refused('InternalError', 500)),
    once('DescribeInstances', throttled),
  ),
].slice(0, rounds(4, 9));

/** While a VM that runs is deleted, or stopped. */
export const endings: readonly (BadDay & { path: '' | '/stop' })[] = [
  { path: '' as const, ...day('ends it and does not say so', 'deleted', once('TerminateInstances', lost('after'))) },
  {
    path: '' as const,
    ...day(
      'throttles its end for half a minute',
      'deleted',
      ...Array.from({ length: 4 }, () => once('TerminateInstances', throttled)),
    ),
  },
  { path: '/stop' as const, ...day('stops it and does not say so', 'stopped', once('StopInstances', lost('after'))) },
  {
    path: '/stop' as const,
    ...day(
      'does not let it stop',
      /^CREDENTIAL_REJECTED/,
      once('StopInstances', refused('UnauthorizedOperation', 403)),
    ),
  },
].slice(0, rounds(1, 4));
