import type { Change, Effect } from '../platform/outbox/effect.ts';
import { readAuditRow } from './domain/audit-row.ts';

/**
 * Admins are told of a new audit row of a write or of a refusal, its public fields alone. A row never changes, so it has no version. Reads tell nothing: a
 * page that shows the rows would feed itself.
 */
export function auditChanged({ event, after }: Change): Effect[] {
  if (event !== 'INSERT' || after === undefined) return [];
  const row = readAuditRow(after);
  if (row === undefined) throw new TypeError('cannot tell of an audit row: it lacks fields');
  if (row.success && after['write'] !== true) return [];
  return [{ publish: { type: 'audit_log_created', audience: 'admins', data: row } }];
}
