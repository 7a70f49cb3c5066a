import { type SealWith, sealSecret } from '../../platform/crypto/seal.ts';
import type { UserDataStore } from '../ports.ts';
import { userDataContext } from './user-data-context.ts';
import { userDataKey } from './vm-keys.ts';

/** Every creation ends within minutes, and drops it then; this is for what nobody foresaw. */
const keptSeconds = 86_400;

/** Can seal, not open: what the API asks of it. 16 KB of user data are 34 WCU. */
export const createUserDataStore = (using: SealWith): UserDataStore => ({
  seal: (vm, userData) => sealSecret(using, userDataContext(vm), Buffer.from(userData, 'utf8')),
  insert: ({ id }, sealed, now) => ({
    put: { ...userDataKey(id), sealed, ttl: Math.floor(now.getTime() / 1_000) + keptSeconds },
  }),
});
