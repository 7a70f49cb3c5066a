import { key, keyPrefix } from '../../platform/table/key.ts';
import type { Key } from '../../platform/table/types.ts';

/** All that is told one user. */
export const userPartition = (userId: string): string => key('NOTIFICATION', userId);

export const notificationPrefix = keyPrefix('N');

export const notificationKey = (userId: string, id: string): Key => ({ pk: userPartition(userId), sk: key('N', id) });

export const stateKey = (userId: string): Key => ({ pk: userPartition(userId), sk: 'STATE' });

export const preferencesKey = (userId: string): Key => ({ pk: userPartition(userId), sk: 'PREFERENCES' });

/** That a notification was mailed to the address that was left then. */
export const copyMailKey = (userId: string, id: string, leftAt: string): Key => ({
  pk: userPartition(userId),
  sk: key('COPYMAIL', id, leftAt),
});

/** That a code was mailed, by the nonce of its request. */
export const codeMailKey = (userId: string, nonce: string): Key => ({
  pk: userPartition(userId),
  sk: key('CODEMAIL', nonce),
});
