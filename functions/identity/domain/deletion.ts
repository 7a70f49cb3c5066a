/** DynamoDB's limit of a transaction is 100 writes. */
const mostWrites = 100;
/** The user, its address, its principal, the admins and the audit row. */
const ownWrites = 5;
/** Its row in the workspace, and the workspace's count. */
const writesAMembership = 2;

/** The memberships that go with the user in one transaction, beside so many belongings, and those that have to go before. */
export function splitMemberships<Role>(
  memberships: Readonly<Record<string, Role>>,
  belongings: number,
): { before: [string, Role][]; together: Readonly<Record<string, Role>> } {
  const all = Object.entries(memberships);
  const most = Math.floor((mostWrites - ownWrites - belongings) / writesAMembership);
  return { before: all.slice(most), together: Object.fromEntries(all.slice(0, most)) };
}
