import { type SealWith, sealSecret } from '../../platform/crypto/seal.ts';
import type { SealData } from '../ports.ts';
import { secretContext } from './secret-context.ts';

export const createSealData =
  (using: SealWith): SealData =>
  (credential, data) =>
    sealSecret(using, secretContext(credential), data);
