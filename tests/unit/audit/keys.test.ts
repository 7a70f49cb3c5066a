import { describe, expect, it } from 'vitest';
import type { AuditLog } from '../../../contracts/audit/routes.ts';
import { partitionOf, positionOf } from '../../../functions/audit/domain/audit-row.ts';
import { rowKey } from '../../../functions/audit/store/keys.ts';
import { auditRow } from '../../../functions/platform/api/audit-row.ts';
import type { Exchange } from '../../../functions/platform/api/exchange.ts';

const made = (workspaceId: string | undefined, userId: string) =>
  auditRow(
    {
      route: { audit: { action: 'read', resource: 'vm' }, method: 'GET', path: '/api/v1/vms/{id}' },
      caller: { userId, memberships: {} },
      input: {},
      entered: workspaceId === undefined ? undefined : { workspaceId },
      address: '203.0.113.7',
      userAgent: 'curl',
      requestId: 'req_1',
    } as unknown as Exchange,
    { id: 'row', at: new Date('2026-01-31T09:30:00.000Z'), success: true, status: 200 },
  );

describe('a row of the audit trail', () => {
  it.each([
    ['a workspace', '01926f3c-7b4e-7d10-9c3a-000000000001', '01926f3c-7b4e-7d10-9c3a-000000000002'],
    ['a user', undefined, '01926f3c-7b4e-7d10-9c3a-000000000002'],
    ['whatever an id may hold', 'a#2026-01', 'b'],
  ])('of %s lies where its readers look for it', (_, workspaceId, userId) => {
    const row = made(workspaceId, userId);
    const read = { ...row, workspace_id: workspaceId ?? null } as unknown as AuditLog;
    expect(row).toMatchObject(rowKey(partitionOf(read), positionOf(read)));
  });

  it('of one scope lies in no other scope’s partition', () => {
    expect(made('a#2026-01', 'b')?.pk).toBe('AUDIT#a$232026-01#2026-01');
  });
});
