import { createAwsVerifier } from './aws/verify-aws.ts';
import type { Verifiers } from './provider.ts';

/** Every cloud that can be asked, by its name on the wire. A new one is a folder and a line here. */
export const verifiers: Verifiers = { aws: createAwsVerifier() };
