import type { VmProvider } from '../../../contracts/compute/providers.ts';
import { connectAws } from './aws/connect-aws.ts';
import type { Connect } from './provider.ts';

/** Every provider by its name on the wire. A new one is a folder, a name in the contract, and a line here. */
export const providers: Readonly<Record<VmProvider, Connect>> = {
  aws: connectAws,
};
