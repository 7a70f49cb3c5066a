import type { auditRoutes, ChainBreak, Verification } from '../../../contracts/audit/routes.ts';
import type { InputOf } from '../../../contracts/route.ts';
import type { ArchiveFiles, AuditStores } from '../../../functions/audit/ports.ts';
import { createArchiveNotes } from '../../../functions/audit/store/archive-notes.ts';
import { createChainStore } from '../../../functions/audit/store/chain-store.ts';
import { createIndexStore } from '../../../functions/audit/store/index-store.ts';
import { createRowStore } from '../../../functions/audit/store/row-store.ts';
import { verifyAuditLogs } from '../../../functions/audit/use-cases/verify-audit-logs.ts';
import type { Call } from '../../../functions/platform/api/call.ts';
import type { Table } from '../../../functions/platform/table/types.ts';

/** Nothing was anchored. */
const noAnchors: AuditStores['anchors'] = { last: async () => undefined, firstMonth: async () => undefined };
/** No day has expired. */
const noArchive: Pick<ArchiveFiles, 'expiredDays'> = { expiredDays: async () => new Set() };

export const storesOf = (table: Table, anchors: AuditStores['anchors'] = noAnchors): AuditStores => ({
  rows: createRowStore(table),
  index: createIndexStore(table),
  chain: createChainStore(table),
  anchors,
});

/** A call of an admin, as far as the audit context looks at one. */
export const adminCall = (now: Date): Call => ({ now, caller: { role: 'admin' } }) as unknown as Call;

type Route = (typeof auditRoutes)['audit.verify'];

export interface Verdict extends Omit<Verification, 'next_cursor'> {
  calls: number;
}

/** Verifies to the end, call after call. */
export async function verifyAll(
  table: Table,
  now: Date,
  workspaceId?: string,
  milliseconds = () => 0,
  anchors: AuditStores['anchors'] = noAnchors,
  archive = noArchive,
): Promise<Verdict> {
  const notes = createArchiveNotes(table);
  const verify = verifyAuditLogs({ ...storesOf(table, anchors), archive, notes, milliseconds });
  const checked = { chains: 0, blocks: 0, rows: 0 };
  const breaks: ChainBreak[] = [];
  let cursor: string | undefined;
  for (let calls = 1; ; calls += 1) {
    const query = { workspace_id: workspaceId, cursor };
    const { data } = await verify({ query } as InputOf<Route>, adminCall(now));
    if (data === undefined) throw new Error('a verification answers data');
    breaks.push(...data.breaks);
    for (const name of ['chains', 'blocks', 'rows'] as const) checked[name] += data.checked[name];
    if (data.next_cursor === null) return { ...data, intact: breaks.length === 0, breaks, checked, calls };
    cursor = data.next_cursor;
  }
}
