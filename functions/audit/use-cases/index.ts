import type { auditRoutes } from '../../../contracts/audit/routes.ts';
import type { UseCases } from '../../platform/api/call.ts';
import type { AuditStores } from '../ports.ts';
import { listAuditLogs } from './list-audit-logs.ts';
import { verifyAuditLogs } from './verify-audit-logs.ts';

export const auditUseCases = (stores: AuditStores): UseCases<typeof auditRoutes> => ({
  'audit.list': listAuditLogs(stores),
  'audit.verify': verifyAuditLogs(stores),
});
