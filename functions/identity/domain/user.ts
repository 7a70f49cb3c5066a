import type { User as UserView } from '../../../contracts/identity/user.ts';
import type { SystemRole } from '../../../contracts/shared/permissions.ts';

export interface User extends UserView {
  version: number;
  /** How often its password was replaced. A session that began with an earlier one is not entered. */
  password_changes?: number;
}

/** What is answered of it. */
export const viewOf = ({ version: _, password_changes: __, ...view }: User): UserView => view;

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

/** The next version of it, or the same object where nothing changes. Another address is unverified; the same one in other letters stays as it is. */
export function changeUser(user: User, change: UserChange, now: Date): User {
  const given = changeable.filter((field) => change[field] !== undefined && change[field] !== user[field]);
  if (given.length === 0) return user;
  const next = { ...user, ...Object.fromEntries(given.map((field) => [field, change[field]])) } as User;
  return {
    ...next,
    email_verified: user.email_verified && !hasMoved(user, next),
    version: user.version + 1,
    updated_at: now.toISOString(),
  };
}

/** The next version of a user who has shown what its address was mailed, which proves the address; `newPassword`: and replaces its password. */
export const proveAddress = (user: User, now: Date, { newPassword = false } = {}): User => ({
  ...user,
  email_verified: true,
  ...(newPassword && { password_changes: passwordChangesOf(user) + 1 }),
  version: user.version + 1,
  updated_at: now.toISOString(),
});

export const replacePassword = (user: User, now: Date): User => ({
  ...user,
  password_changes: passwordChangesOf(user) + 1,
  version: user.version + 1,
  updated_at: now.toISOString(),
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
