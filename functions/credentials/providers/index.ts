import type { Verifiers } from '../ports.ts';
import { createAwsVerifier } from './aws/verify-aws.ts';

/** Every cloud that can be asked, by its name on the wire. A new one is a folder and a line here. */
export const verifiers: Verifiers = { aws: createAwsVerifier() };
