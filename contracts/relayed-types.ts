/**
 * The entities whose changes have effects outside the table: an item's `type`. The stream's filter passes these alone,
 * and the relay has a rule for each.
 */
export const relayedTypes = ['vm', 'audit'] as const;
export type RelayedType = (typeof relayedTypes)[number];
