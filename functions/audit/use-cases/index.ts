import type { auditRoutes } from '../../../contracts/audit/routes.ts';
import type { UseCases } from '../../platform/api/call.ts';
import { listAuditLogs } from './list-audit-logs.ts';
import { type VerifyDependencies, verifyAuditLogs } from './verify-audit-logs.ts';

export const auditUseCases = (dependencies: VerifyDependencies): UseCases<typeof auditRoutes> => ({
  'audit.list': listAuditLogs(dependencies),
  'audit.verify': verifyAuditLogs(dependencies),
});
