import { conflict, notFound } from '../../../contracts/errors.ts';
import { absent, equals, exists } from '../../platform/table/fragment.ts';
import type { Item, Table, Write } from '../../platform/table/types.ts';
import { foldEmail, type User } from '../domain/user.ts';
import { NobodyThere, type UserStore } from '../ports.ts';
import { emailKey, userKey } from './keys.ts';

const toItem = (user: User): Item => ({ ...userKey(user.id), type: 'user', ...user });

/**
 * The address's item holds the user whole, so that a sign-in, which knows the address alone, finds it in one trip. Every change of the user writes both, in
 * one transaction. It has no `type`: the stream tells of users once.
 */
const toEmailItem = (user: User): Item => ({ ...emailKey(user.email), user_id: user.id, ...user });

export const userFrom = ({ pk: _pk, sk: _sk, type: _type, user_id: _userId, ...fields }: Item): User =>
  fields as unknown as User;

const stale = () => conflict('version.stale');
const taken = () => conflict('user.email_taken');

const claimAddress = (user: User): Write => ({ put: toEmailItem(user), condition: absent, otherwise: taken });

/** The address is still this user's. */
const ownAddress = ({ id }: User) => ({ condition: equals('user_id', id), otherwise: stale });

const asRead = ({ version }: User) => ({
  condition: equals('version', version),
  otherwise: (old: Item | undefined) => (old === undefined ? notFound() : stale()),
});

export const createUserStore = (table: Table): UserStore => ({
  async find(id) {
    const item = await table.get(userKey(id));
    return item && userFrom(item);
  },

  present: (id) => ({ check: userKey(id), condition: exists, otherwise: () => new NobodyThere() }),

  async findByEmail(email) {
    const item = await table.get(emailKey(email));
    return item && userFrom(item);
  },

  async findMany(ids) {
    return (await table.getMany(ids.map(userKey))).map(userFrom);
  },

  insert: (user) => [claimAddress(user), { put: toItem(user) }],

  change(before, after) {
    const held: Write = { put: toItem(after), was: toItem(before), ...asRead(before) };
    if (foldEmail(before.email) === foldEmail(after.email)) {
      return [held, { put: toEmailItem(after), was: toEmailItem(before), ...ownAddress(before) }];
    }
    return [
      held,
      claimAddress(after),
      { delete: emailKey(before.email), was: toEmailItem(before), ...ownAddress(before) },
    ];
  },

  remove: (user) => [
    { delete: userKey(user.id), was: toItem(user), ...asRead(user) },
    { delete: emailKey(user.email), was: toEmailItem(user), ...ownAddress(user) },
  ],
});
