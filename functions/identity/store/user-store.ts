import { conflict, notFound, stale } from '../../../contracts/errors.ts';
import { absent, equals, exists } from '../../platform/table/fragment.ts';
import { key, keyPrefix } from '../../platform/table/key.ts';
import type { Item, Table, Write } from '../../platform/table/types.ts';
import { foldEmail, type User } from '../domain/user.ts';
import { NobodyThere, type UserStore } from '../ports.ts';
import { emailKey, emailPartition, userKey, usersIn } from './keys.ts';

const toItem = (user: User): Item => ({
  ...userKey(user.id),
  type: 'user',
  ...user,
  gsi1pk: usersIn('username'),
  gsi1sk: key(user.username.toLowerCase(), user.id),
});

/**
 * The address's item holds the user whole, so that a sign-in, which knows the address alone, finds it in one trip; by its order, and by that of each item in
 * the index, users are listed. Every change of the user writes both, in one transaction. It has no `type`: the stream tells of users once.
 */
const toEmailItem = (user: User): Item => ({
  ...emailKey(user.email),
  user_id: user.id,
  ...user,
  gsi1pk: usersIn('created_at'),
  gsi1sk: key(user.created_at, user.id),
});

/** `imported` is a backup's mark: written back, it would keep the stream's consumers from what changes later. */
const stored = ['pk', 'sk', 'type', 'user_id', 'gsi1pk', 'gsi1sk', 'imported'];

export const userFrom = (item: Item): User =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !stored.includes(name))) as unknown as User;

const isApiKey = ({ sk }: Item) => sk.startsWith(keyPrefix('APIKEY'));
const isCode = ({ sk }: Item) => sk.startsWith(keyPrefix('CODE'));

const taken = () => conflict('user.email_taken');

const claimAddress = (user: User): Write => ({ put: toEmailItem(user), condition: absent, otherwise: taken });

/** The address is still this user's. */
const ownAddress = ({ id }: User) => ({ condition: equals('user_id', id), otherwise: stale });

const asRead = ({ version }: User) => ({
  condition: equals('version', version),
  otherwise: (old: Item | undefined) => (old === undefined ? notFound() : stale()),
});

/** Where the users lie in an order, and the position of one in it. Reads behind a list may be a moment old. */
const orders = {
  email: { pk: emailPartition, positionOf: ({ sk }: Item) => sk },
  created_at: { pk: usersIn('created_at'), index: 'gsi1', positionOf: (item: Item) => String(item['gsi1sk']) },
  username: { pk: usersIn('username'), index: 'gsi1', positionOf: (item: Item) => String(item['gsi1sk']) },
} as const;

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

  async *list({ field, direction }, from, most) {
    const { positionOf, ...place } = orders[field];
    const descending = direction === 'desc';
    const range = from === undefined ? {} : descending ? { to: from } : { from };
    let after: Record<string, string> | undefined;
    do {
      const page = await table.query({ ...place, ...range, descending, limit: most, after, consistent: false });
      after = page.next;
      const last = page.items.at(-1);
      // The range takes the position that the list goes on behind, too.
      const found = page.items.filter((item) => positionOf(item) !== from);
      const entries = found.map((item) => ({ position: positionOf(item), user: userFrom(item) }));
      if (last !== undefined) yield { entries, reached: positionOf(last) };
    } while (after !== undefined);
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

  async belongings(userId) {
    // A quota bounds what lies here: 20 keys, 50 names of workspaces, a code a purpose.
    const items = await table.queryAll({ pk: userKey(userId).pk });
    const removal = (item: Item) => ({ delete: { pk: item.pk, sk: item.sk }, was: item });
    return [
      // One that has gone meanwhile, with another made in its place, would leave the count of them as it was.
      ...items.filter(isApiKey).map((item) => ({ ...removal(item), condition: exists, otherwise: stale })),
      ...items.filter(isCode).map(removal),
    ];
  },

  remove: (user) => [
    { delete: userKey(user.id), was: toItem(user), ...asRead(user) },
    { delete: emailKey(user.email), was: toEmailItem(user), ...ownAddress(user) },
  ],
});
