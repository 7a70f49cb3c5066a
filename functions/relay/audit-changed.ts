import type { Change, Effect } from '../platform/outbox/effect.ts';

const textOr = <Fallback>(value: unknown, fallback: Fallback) => (typeof value === 'string' ? value : fallback);

/**
 * Admins are told of a new audit row of a write or of a refusal, without the table's own keys. A row never changes, so it has no version. Reads tell
 * nothing: a page that shows the rows would feed itself.
 */
export function auditChanged({ event, after: row }: Change): Effect[] {
  if (event !== 'INSERT' || row === undefined) return [];
  const success = row['success'] === true;
  if (success && row['write'] !== true) return [];
  return [
    {
      publish: {
        type: 'audit_log_created',
        audience: 'admins',
        data: {
          id: String(row['id']),
          user_id: String(row['user_id']),
          action: String(row['action']),
          resource: String(row['resource']),
          resource_id: textOr(row['resource_id'], null),
          workspace_id: textOr(row['workspace_id'], null),
          success,
          status: Number(row['status']),
          ip_address: textOr(row['ip_address'], ''),
          user_agent: textOr(row['user_agent'], ''),
          request_id: textOr(row['request_id'], ''),
          created_at: String(row['created_at']),
        },
      },
    },
  ];
}
