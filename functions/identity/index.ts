import type { Table } from '../platform/table/types.ts';
import { hasMoved, previousEmails, type User } from './domain/user.ts';
import { createUserStore } from './store/user-store.ts';

export { apiKeyChanged } from './api-key-changed.ts';
export { codeChanged } from './code-changed.ts';
export { type MintedCode, mintCode } from './mint-code.ts';
export { settlePassword } from './settle-password.ts';
export type { PasswordTimer } from './store/password-timer.ts';
export { userChanged } from './user-changed.ts';

/** Who a user is to other contexts, and whether an admin has disabled them. */
export type Person = Pick<User, 'id' | 'name' | 'email' | 'email_verified' | 'is_active' | 'version'>;

const personOf = ({ id, name, email, email_verified, is_active, version }: User): Person => ({
  id,
  name,
  email,
  email_verified,
  is_active,
  version,
});

/** Where what concerns a user's account is mailed to. */
export interface Addressee extends Pick<User, 'email' | 'email_verified' | 'is_active'> {
  /** Addresses that it has verified and then left within a week, with the time of that (ISO 8601). */
  previous: readonly { email: string; left_at: string }[];
}

function addresseeOf(user: User, now: Date): Addressee {
  const { email, email_verified, is_active } = user;
  const previous = previousEmails(user, now);
  // One that has come back is the present one.
  const elsewhere = email_verified ? previous.filter((one) => hasMoved(one, user)) : previous;
  return { email, email_verified, is_active, previous: elsewhere };
}

/** For the sender of mails alone: an address that was left is shown to nobody. */
export const addressees = (table: Table) => {
  const users = createUserStore(table);
  return {
    async find(id: string, now: Date): Promise<Addressee | undefined> {
      const user = await users.find(id);
      return user && addresseeOf(user, now);
    },
  };
};

/** Finds people; none reveals anything of what they may do. */
export const userStore = (table: Table) => {
  const users = createUserStore(table);
  return {
    async find(id: string): Promise<Person | undefined> {
      const user = await users.find(id);
      return user && personOf(user);
    },
    /** Without regard to case. */
    async findByEmail(email: string): Promise<Person | undefined> {
      const user = await users.findByEmail(email);
      return user && personOf(user);
    },
    /** Those that exist, 100 a trip. */
    async getMany(ids: readonly string[]): Promise<Person[]> {
      return (await users.findMany(ids)).map(personOf);
    },
  };
};
