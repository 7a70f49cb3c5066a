/**
 * The entities whose changes have effects outside the table (an item's `type`), and which changes do. The stream's filter passes these alone, and the
 * relay has a rule for each.
 */
export const relayedChanges = {
  vm: ['INSERT', 'MODIFY', 'REMOVE'],
  notice: ['INSERT'],
  audit: ['INSERT'],
  export: ['INSERT', 'MODIFY'],
  user: ['INSERT', 'MODIFY', 'REMOVE'],
  member: ['INSERT', 'REMOVE'],
  code: ['INSERT', 'MODIFY'],
  workspace: ['INSERT', 'MODIFY', 'REMOVE'],
  credential: ['INSERT', 'REMOVE'],
  api_key: ['INSERT'],
  notification: ['INSERT'],
} as const satisfies Record<string, readonly ('INSERT' | 'MODIFY' | 'REMOVE')[]>;

export type RelayedType = keyof typeof relayedChanges;
