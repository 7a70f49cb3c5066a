import type { auditRoutes } from '../../../contracts/audit/routes.ts';
import type { UseCases } from '../../platform/api/call.ts';
import { type ExportDependencies, exportAuditLogs, readExport } from './export-audit-logs.ts';
import { listAuditLogs } from './list-audit-logs.ts';
import { type VerifyDependencies, verifyAuditLogs } from './verify-audit-logs.ts';

export const auditUseCases = (dependencies: VerifyDependencies & ExportDependencies): UseCases<typeof auditRoutes> => ({
  'audit.list': listAuditLogs(dependencies),
  'audit.export': exportAuditLogs(dependencies),
  'audit.read_export': readExport(dependencies),
  'audit.verify': verifyAuditLogs(dependencies),
});
