/** An account at Cognito, under our user id. */
export interface ListedAccount {
  userId: string;
  madeAt: Date;
}

/** Longer than any registration takes: its function ends within seconds, and ids are never used again. */
const graceMs = 3_600_000;

interface Compared {
  accounts: readonly ListedAccount[];
  /** Listed after the accounts were. */
  users: readonly { id: string; created_at: string }[];
  now: Date;
}

/**
 * Accounts that no user came of, and users who have no account. Both lists are of different moments and may be a moment old, so who is younger than an
 * hour is neither; whoever acts on an id looks again first.
 */
export function compareAccounts({ accounts, users, now }: Compared): { orphans: string[]; missing: string[] } {
  const before = new Date(now.getTime() - graceMs);
  const userIds = new Set(users.map(({ id }) => id));
  const accountIds = new Set(accounts.map(({ userId }) => userId));
  const orphans = accounts.filter(({ userId, madeAt }) => madeAt < before && !userIds.has(userId));
  const missing = users.filter(({ id, created_at }) => created_at < before.toISOString() && !accountIds.has(id));
  return { orphans: orphans.map(({ userId }) => userId), missing: missing.map(({ id }) => id) };
}
