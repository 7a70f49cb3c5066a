import { key } from '../table/key.ts';

/** Where rows lie: of a workspace, or of a user outside of any, and a month (`2026-01`). Who writes them goes by this, and who reads them. */
export const auditPartition = (scope: string, month: string): string => key('AUDIT', scope, month);
