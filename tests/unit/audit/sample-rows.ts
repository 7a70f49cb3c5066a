import { v7 as uuidv7 } from 'uuid';
import type { AuditLog } from '../../../contracts/audit/routes.ts';
import { partitionOf, positionOf } from '../../../functions/audit/domain/audit-row.ts';
import { rowKey } from '../../../functions/audit/store/keys.ts';
import type { Item } from '../../../functions/platform/table/types.ts';

export const beginning = Date.parse('2026-01-31T09:30:00.000Z');

/** An id as the product makes it, of a moment. */
export const idAt = (msecs: number, random: () => number = Math.random): string =>
  uuidv7({ msecs, random: Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256)) });

export interface SampleOptions {
  at?: number;
  random?: () => number;
  fields?: Partial<AuditLog>;
}

export function sampleRow({ at = beginning, random = Math.random, fields = {} }: SampleOptions = {}): AuditLog {
  const id = idAt(at, random);
  return {
    id,
    user_id: '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a',
    action: 'read',
    resource: 'vm',
    resource_id: idAt(at, random),
    workspace_id: '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6b',
    success: true,
    status: 200,
    ip_address: '203.0.113.7',
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
    request_id: `req_${idAt(at, random)}`,
    created_at: new Date(at).toISOString(),
    ...fields,
  };
}

/** As the API's middleware lays a row into the table: what is null is left out. */
export function rowItem(row: AuditLog): Item {
  const { resource_id, workspace_id, ...rest } = row;
  return {
    ...rowKey(partitionOf(row), positionOf(row)),
    type: 'audit',
    ...rest,
    ...(resource_id !== null && { resource_id }),
    ...(workspace_id !== null && { workspace_id }),
    write: false,
  };
}
