/** DynamoDB's limit of a transaction is 100 writes. */
const mostWrites = 100;
/** The user, its address, its principal, the admins and the audit row. */
const ownWrites = 5;
/** Its row in the workspace, and the workspace's count. */
const writesAMembership = 2;
/** The workspace, its name, its schedule, its quota, and its owner's row. */
const writesAWorkspace = 5;

/** Something that goes with the user, and whether it does so in the same transaction or ahead of it. */
interface Split<Thing> {
  before: Thing[];
  together: Thing[];
}

/**
 * What goes with the user in one transaction, beside so many belongings, and what has to go ahead of it. Its own workspaces have the first claim: a
 * membership that was left for a deletion that then fails can be given back by others, a workspace that is gone can't.
 */
export function splitDeparture<Workspace, Membership>(
  own: readonly Workspace[],
  memberships: readonly Membership[],
  belongings: number,
): { own: Split<Workspace>; memberships: Split<Membership> } {
  const room = mostWrites - ownWrites - belongings;
  const workspaces = split(own, Math.floor(room / writesAWorkspace));
  const left = room - workspaces.together.length * writesAWorkspace;
  return { own: workspaces, memberships: split(memberships, Math.floor(left / writesAMembership)) };
}

const split = <Thing>(things: readonly Thing[], most: number): Split<Thing> => ({
  before: things.slice(most),
  together: things.slice(0, most),
});
