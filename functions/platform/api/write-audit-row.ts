import { RateLimited } from '../auth/rate-limited.ts';
import { auditRow, resourceIdOf } from './audit-row.ts';
import type { ApiDependencies } from './dependencies.ts';
import { asApiError, statusOf } from './envelope.ts';
import type { Exchange } from './exchange.ts';

/**
 * The row of a read, and of whatever was refused; a write's row has committed with the write. A read that can't be put on record is not answered. A
 * refusal is answered all the same: it gave nothing away.
 */
export async function writeAuditRow(
  exchange: Exchange | undefined,
  dependencies: ApiDependencies,
  error?: Error,
): Promise<void> {
  // Over the limit means not counted, and only counted calls leave rows.
  if (exchange === undefined || exchange.audited || error instanceof RateLimited) return;
  exchange.audited = true;
  const row = auditRow(exchange, {
    id: dependencies.newId(),
    at: exchange.startedAt,
    success: error === undefined,
    status: error === undefined ? statusOf(exchange.route, exchange.answer) : asApiError(error).status,
    resourceId: resourceIdOf(exchange),
  });
  if (row === undefined) return;
  try {
    await dependencies.table.write({ put: row });
  } catch (failure) {
    if (error === undefined) throw failure;
    dependencies.logger.error('cannot write the audit row of a refusal', failure);
  }
}
