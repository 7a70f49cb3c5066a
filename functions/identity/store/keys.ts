import type { CodePurpose } from '../../../contracts/internal-events.ts';
import { key, keyPrefix } from '../../platform/table/key.ts';
import type { Key } from '../../platform/table/types.ts';
import { foldEmail } from '../domain/user.ts';

export const userKey = (id: string): Key => ({ pk: key('USER', id), sk: 'USER' });

/**
 * One item an address: it makes addresses unique, and says at once whose one is. All in one partition, in which they lie in order: 3,000 reads a second are
 * 25 times the sign-ins that Cognito takes.
 */
export const emailPartition = key('EMAIL');
export const emailKey = (email: string): Key => ({ pk: emailPartition, sk: key(foldEmail(email)) });

/** Where users lie in the order of one of their fields (index gsi1). */
export const usersIn = (field: 'created_at' | 'username') => key('USERS', field);

/** The ids of the active admins, a set. It is made by the first admin and never empty after. */
export const adminsKey: Key = { pk: 'SYSTEM', sk: 'ADMINS' };

/** All API keys of a user. */
export const apiKeysOf = (userId: string): { pk: string; prefix: string } => ({
  pk: userKey(userId).pk,
  prefix: keyPrefix('APIKEY'),
});

/**
 * One item an address: the set `all` of the marks of its failures, and a set `a_…` an account of those passwords that were for it, `c_…` of codes.
 * Sets, since adding and removing one mark is exact however many do it at once and however often it is repeated.
 */
export const attemptsKey = (address: string): Key => ({ pk: key('LOGIN', address), sk: 'FAILURES' });

export const codeKey = (userId: string, purpose: CodePurpose): Key => ({
  pk: key('USER', userId),
  sk: key('CODE', purpose),
});
