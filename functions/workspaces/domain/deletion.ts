import type { Member } from './member.ts';

/** DynamoDB's limit of a transaction. */
const mostWrites = 100;
/** The workspace, its name, its schedule, its quota and the audit row. */
const ownWrites = 5;
/** A member is a row and an entry in the user's principal. */
const writesAMember = 2;
/** With a write on the quota, well under the limit. */
const mostMembersAtOnce = 45;
const mostCredentialsAtOnce = 90;

export type DeletionStep =
  /** Everything that is left goes in one transaction. */
  { step: 'finish' } | { step: 'drop_credentials'; count: number } | { step: 'drop_members'; members: Member[] };

interface Holding {
  members: readonly Member[];
  credentials: number;
  /** Members that stay to the last, so that someone is left who can finish what was interrupted. */
  keep: readonly string[];
}

/**
 * What to do next; of a workspace into which nothing more comes, unless it is the end. Each step is safe to repeat, and asked anew from what the table holds
 * then, so an interrupted deletion goes on where it stopped.
 */
export function nextDeletionStep({ members, credentials, keep }: Holding): DeletionStep {
  if (ownWrites + members.length * writesAMember + credentials <= mostWrites) return { step: 'finish' };
  if (credentials > 0) return { step: 'drop_credentials', count: Math.min(credentials, mostCredentialsAtOnce) };
  const droppable = members.filter(({ user_id }) => !keep.includes(user_id));
  // Owners after the others, for the same reason.
  const ranked = droppable.toSorted((a, b) => Number(a.role === 'owner') - Number(b.role === 'owner'));
  return { step: 'drop_members', members: ranked.slice(0, mostMembersAtOnce) };
}
