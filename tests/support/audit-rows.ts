import type { Item, Table } from '../../functions/platform/table/types.ts';

const hourMs = 3_600_000;

/** The audit rows of a workspace or a user of about now, also where a month has just turned or is about to. */
export async function recentAuditRows(table: Pick<Table, 'queryAll'>, id: string): Promise<Item[]> {
  const months = [-hourMs, hourMs].map((from) => new Date(Date.now() + from).toISOString().slice(0, 7));
  return (
    await Promise.all([...new Set(months)].map((month) => table.queryAll({ pk: `AUDIT#${id}#${month}` })))
  ).flat();
}
