/** How a message that could not be handled goes back. */
export type Redrive =
  /** The message is as the queue had it: it moves back there. */
  | { to: 'queue'; queue: string }
  /** The body is the event that the function was invoked with. */
  | { to: 'function'; name: string; as: 'event' }
  /** The body is one raw record of the table's stream. */
  | { to: 'function'; name: string; as: 'stream-record' };

/**
 * Every queue in which something waits for a person, by its name after `skyclust-<stage>-`. `npm run redrive <name>` does what stands here, once
 * the cause is mended.
 */
export const deadLetters = {
  'relay-failures-dead': { to: 'queue', queue: 'relay-failures' },
  'chain-failures': { to: 'function', name: 'audit-chain', as: 'stream-record' },
  'counters-dead': { to: 'queue', queue: 'counters' },
  'audit-exports-dead': { to: 'queue', queue: 'audit-exports' },
  'realtime-push-dead': { to: 'function', name: 'realtime-push', as: 'event' },
  'member-profiles-dead': { to: 'function', name: 'member-profiles', as: 'event' },
  'notifications-dead': { to: 'queue', queue: 'notifications' },
  'mails-dead': { to: 'queue', queue: 'mails' },
  'vm-steps-dead': { to: 'function', name: 'vm-steps', as: 'event' },
  'workspace-teardown-dead': { to: 'function', name: 'workspace-teardown', as: 'event' },
  'reconcile-dead': { to: 'queue', queue: 'reconcile' },
  'socket-timeouts-dead': { to: 'queue', queue: 'socket-timeouts' },
} as const satisfies Record<string, Redrive>;

export type DeadLetterName = keyof typeof deadLetters;
