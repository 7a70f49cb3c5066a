import type { Change, Effect } from '../platform/outbox/effect.ts';

/** An export that was too large for its call, and each further stretch of the work on it, is to be done. */
export function exportChanged({ before, after }: Change): Effect[] {
  if (after?.['status'] !== 'pending' || before?.['leg'] === after['leg']) return [];
  const [scope, export_id, leg] = [String(after['scope']), String(after['id']), Number(after['leg'])];
  return [{ notify: { type: 'export_due', scope, export_id, leg } }];
}
