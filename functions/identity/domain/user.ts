import type { User as UserView } from '../../../contracts/identity/user.ts';
import type { SystemRole } from '../../../contracts/shared/permissions.ts';

export interface User extends UserView {
  version: number;
  /** How often its password was replaced. A session that began with an earlier one is not entered. */
  password_changes?: number;
  /** Verified addresses that it has left, for a while: whoever takes an account over gives it another address first. */
  previous_emails?: readonly PreviousEmail[];
}

interface PreviousEmail {
  email: string;
  /** ISO 8601. */
  left_at: string;
}

/** What is answered of it. */
export const viewOf = ({ version: _, password_changes: __, previous_emails: ___, ...view }: User): UserView => view;

/** Addresses that differ in case alone are one. They are ASCII (contracts/identity/user.ts), so no other folding is needed. */
export const foldEmail = (email: string): string => email.toLowerCase();

/** What somebody is called of whom only the address is known. */
export const nameOfAddress = (email: string): string => email.slice(0, email.lastIndexOf('@')).slice(0, 50);

interface NewUser {
  id: string;
  username?: string | undefined;
  name?: string | undefined;
  email: string;
  role: SystemRole;
  now: Date;
}

/** Of username and name the missing one takes the other; the contract refuses neither. */
export function newUser({ id, username, name, email, role, now }: NewUser): User {
  const at = now.toISOString();
  return {
    id,
    username: username ?? name ?? '',
    name: name ?? username ?? '',
    email,
    email_verified: false,
    role,
    is_active: true,
    provider: 'LOCAL',
    profile_image: null,
    version: 1,
    created_at: at,
    updated_at: at,
  };
}

const changeable = ['name', 'username', 'email', 'profile_image', 'role', 'is_active'] as const;

export type UserChange = { [Field in (typeof changeable)[number]]?: User[Field] | undefined };

/** Whether the address is another one: more than its case changes. */
export const hasMoved = (before: Pick<User, 'email'>, after: Pick<User, 'email'>): boolean =>
  foldEmail(before.email) !== foldEmail(after.email);

/** Long enough for who reads that mail once a week. */
const previousDays = 7;

/** The oldest: whoever moves an account on and on does not push out the address that it was taken from. */
const mostPrevious = 3;

/** Verified addresses that it has left within the week, the one left first at the head. */
export const previousEmails = ({ previous_emails = [] }: User, now: Date): readonly PreviousEmail[] =>
  previous_emails.filter(({ left_at }) => Date.parse(left_at) + previousDays * 86_400_000 > now.getTime());

/** Its next version, without addresses that it left longer ago. */
function nextVersion({ previous_emails: _, ...user }: User, previous: readonly PreviousEmail[], now: Date): User {
  return {
    ...user,
    ...(previous.length > 0 && { previous_emails: previous }),
    version: user.version + 1,
    updated_at: now.toISOString(),
  };
}

/** The next version of it, or the same object where nothing changes. Another address is unverified; the same one in other letters stays as it is. */
export function changeUser(user: User, change: UserChange, now: Date): User {
  const given = changeable.filter((field) => change[field] !== undefined && change[field] !== user[field]);
  if (given.length === 0) return user;
  const next = { ...user, ...Object.fromEntries(given.map((field) => [field, change[field]])) } as User;
  const previous = previousEmails(user, now);
  if (!hasMoved(user, next)) return nextVersion(next, previous, now);
  const others = previous.filter((one) => hasMoved(one, user));
  const left = user.email_verified ? [...others, { email: user.email, left_at: now.toISOString() }] : previous;
  return nextVersion({ ...next, email_verified: false }, left.slice(0, mostPrevious), now);
}

/** The next version of a user who has shown what its address was mailed, which proves the address; `newPassword`: and replaces its password. */
export const proveAddress = (user: User, now: Date, { newPassword = false } = {}): User => ({
  ...(newPassword ? replacePassword(user, now) : nextVersion(user, previousEmails(user, now), now)),
  email_verified: true,
});

export const replacePassword = (user: User, now: Date): User => ({
  ...nextVersion(user, previousEmails(user, now), now),
  password_changes: passwordChangesOf(user) + 1,
});

export const passwordChangesOf = ({ password_changes = 0 }: Pick<User, 'password_changes'>): number => password_changes;

/** Whether the user is one of those of whom one must be left. */
export const actsAsAdmin = ({ role, is_active }: Pick<User, 'role' | 'is_active'>): boolean =>
  role === 'admin' && is_active;

/**
 * Whether who registers is the first admin: nobody has been before, and the stage names no address. That nobody has been is read, and so only a guess: the
 * write's condition decides.
 */
export const seeksAdmin = ({ adminsExist, adminEmail }: { adminsExist: boolean; adminEmail: string }): boolean =>
  !adminsExist && adminEmail === '';

/** Whether the stage names this user's address as the first admin's. Anyone can register with it; only who reads its mail can verify it. */
export const isNamedAdmin = (user: User, adminEmail: string): boolean =>
  user.email_verified && user.role !== 'admin' && adminEmail !== '' && foldEmail(adminEmail) === foldEmail(user.email);
