import { auditChanged } from '../audit/index.ts';
import { vmChanged } from '../compute/index.ts';
import type { Derivations } from '../platform/outbox/relay-changes.ts';

/** What follows from a change of each relayed entity: the rule is its context's own. */
export const derivations: Derivations = {
  vm: vmChanged,
  audit: auditChanged,
};
