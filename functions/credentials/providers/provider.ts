import type { ProviderName } from '../../../contracts/credentials/providers.ts';
import type { VerifyCredential } from '../ports.ts';

/** Those clouds that can be asked yet. */
export type Verifiers = Partial<Record<ProviderName, VerifyCredential>>;
