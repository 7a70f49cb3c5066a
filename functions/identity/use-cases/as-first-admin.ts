import { isNamedAdmin, type User } from '../domain/user.ts';
import { FirstAdminFound } from '../ports.ts';

/**
 * Writes a user whose address has just been proven: as the first admin, if the stage names that address and there never was one. The write's condition
 * decides, so that there is one whoever else comes at once.
 */
export async function asFirstAdmin<Result>(
  user: User,
  adminEmail: string,
  commit: (user: User, isFirst: boolean) => Promise<Result>,
): Promise<Result> {
  if (!isNamedAdmin(user, adminEmail)) return commit(user, false);
  try {
    return await commit({ ...user, role: 'admin' }, true);
  } catch (error) {
    if (error instanceof FirstAdminFound) return commit(user, false);
    throw error;
  }
}
