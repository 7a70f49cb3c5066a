import type { CodePurpose } from '../../contracts/internal-events.ts';
import type { Change, Effect } from '../platform/outbox/effect.ts';

/** A new wish is mailed; that its code was made, tried or spent concerns nobody. */
export function codeChanged({ before, after }: Change): Effect[] {
  if (after === undefined || before?.['nonce'] === after['nonce']) return [];
  const purpose = after['purpose'] as CodePurpose;
  return [{ notify: { type: 'code_due', user_id: String(after['user_id']), purpose, nonce: String(after['nonce']) } }];
}
