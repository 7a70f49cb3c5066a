/** DynamoDB's limit of a transaction is 100 writes: the user, its address, its principal, the admins, the audit row, and two a membership. */
const mostMembershipsAtOnce = 47;

/** The memberships that go with the user in one transaction, and those that have to go before. */
export function splitMemberships<Role>(memberships: Readonly<Record<string, Role>>): {
  before: [string, Role][];
  together: Readonly<Record<string, Role>>;
} {
  const all = Object.entries(memberships);
  return {
    before: all.slice(mostMembershipsAtOnce),
    together: Object.fromEntries(all.slice(0, mostMembershipsAtOnce)),
  };
}
