import type { User } from './user.ts';

/** Lower case on both sides: how a person looks for a person. */
export function matcherOf({
  role,
  is_active,
  q,
}: {
  role?: readonly User['role'][] | undefined;
  is_active?: boolean | undefined;
  q?: string | undefined;
}): (user: User) => boolean {
  const sought = q?.toLowerCase();
  return (user) =>
    (role === undefined || role.includes(user.role)) &&
    (is_active === undefined || user.is_active === is_active) &&
    (sought === undefined ||
      [user.email, user.name, user.username].some((text) => text.toLowerCase().startsWith(sought)));
}
