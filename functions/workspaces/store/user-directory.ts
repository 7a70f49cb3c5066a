import { notFound } from '../../../contracts/errors.ts';
import { exists } from '../../platform/table/fragment.ts';
import { key } from '../../platform/table/key.ts';
import type { Key, Table } from '../../platform/table/types.ts';
import type { UserDirectory } from '../ports.ts';

const emailKey = (email: string): Key => ({ pk: key('EMAIL', email.toLowerCase()), sk: 'EMAIL' });
const userKey = (userId: string): Key => ({ pk: key('USER', userId), sk: 'USER' });

export const createUserDirectory = (table: Table): UserDirectory => ({
  async findByEmail(email) {
    const item = await table.get(emailKey(email));
    return item && String(item['user_id']);
  },

  assertEmailKnown: (email) => ({ check: emailKey(email), condition: exists, otherwise: notFound }),

  async profiles(userIds) {
    const items = await table.getMany(userIds.map(userKey));
    return items.map((item) => ({
      user_id: String(item['id']),
      email: String(item['email']),
      name: String(item['name']),
    }));
  },
});
