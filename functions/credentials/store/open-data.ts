import { conflict } from '../../../contracts/errors.ts';
import { CannotOpenSecret, type OpenWith, openJsonSecret, openSecret } from '../../platform/crypto/open.ts';
import { type SealWith, sealSecret } from '../../platform/crypto/seal.ts';
import type { OpenData, ResealData } from '../ports.ts';
import { secretContext } from './secret-context.ts';

function refuse(error: unknown): never {
  if (!(error instanceof CannotOpenSecret)) throw error;
  throw conflict('credential.unreadable', { data: { reason: 'SECRET_UNREADABLE' }, cause: error });
}

export const createOpenData =
  (using: OpenWith): OpenData =>
  (credential, sealed) =>
    openJsonSecret(using, secretContext(credential), sealed).catch(refuse);

export const createResealData =
  (using: OpenWith & SealWith): ResealData =>
  async (before, sealed, after) => {
    const secret = await openSecret(using, secretContext(before), sealed).catch(refuse);
    try {
      return await sealSecret(using, secretContext(after), secret);
    } finally {
      secret.fill(0);
    }
  };
