import type { User as UserView } from '../../../contracts/identity/user.ts';
import type { SystemRole } from '../../../contracts/shared/permissions.ts';

export interface User extends UserView {
  version: number;
}

/** What is answered of it. */
export const viewOf = ({ version: _, ...view }: User): UserView => view;

/** Addresses that differ in case alone are one. They are ASCII (contracts/identity/user.ts), so no other folding is needed. */
export const foldEmail = (email: string): string => email.toLowerCase();

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

/** The next version of it, or the same object where nothing changes. Another address is unverified; the same one in other letters stays as it is. */
export function changeUser(user: User, change: UserChange, now: Date): User {
  const given = changeable.filter((field) => change[field] !== undefined && change[field] !== user[field]);
  if (given.length === 0) return user;
  const next = { ...user, ...Object.fromEntries(given.map((field) => [field, change[field]])) } as User;
  const moved = foldEmail(next.email) !== foldEmail(user.email);
  return {
    ...next,
    email_verified: user.email_verified && !moved,
    version: user.version + 1,
    updated_at: now.toISOString(),
  };
}

/** Whether the user is one of those of whom one must be left. */
export const actsAsAdmin = ({ role, is_active }: Pick<User, 'role' | 'is_active'>): boolean =>
  role === 'admin' && is_active;

/**
 * Whether who registers is the first admin: nobody has been before, and where the stage names an address, it is this one. That nobody has been is read, and
 * so only a guess: the write's condition decides.
 */
export const seeksAdmin = (
  email: string,
  { adminsExist, adminEmail }: { adminsExist: boolean; adminEmail: string },
): boolean => !adminsExist && (adminEmail === '' || foldEmail(adminEmail) === foldEmail(email));
