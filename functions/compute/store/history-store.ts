import { type VmEvent, vmEvent } from '../../../contracts/compute/vm-event.ts';
import type { Item, Table } from '../../platform/table/types.ts';
import type { HistoryStore } from '../ports.ts';
import { vmEventKey, vmEventPrefix } from './vm-keys.ts';

const toEvent = ({ id, at, action, request_id, step, outcome, took_ms, reason }: Item): VmEvent =>
  vmEvent.parse({ id, at, action, request_id: request_id ?? null, step, outcome, took_ms, reason: reason ?? null });

export const createHistoryStore = (table: Table): HistoryStore => ({
  async page(vmId, { descending, after, limit }) {
    const { pk } = vmEventKey(vmId, '', '');
    const start = after && vmEventKey(vmId, after.at, after.id);
    // A thousand rows are some 250 KB: one page of the table.
    const query = { pk, prefix: vmEventPrefix, descending, limit, consistent: false };
    const { items } = await table.query({ ...query, ...(start && { after: { ...start } }) });
    const workspaceId = items[0]?.['workspace_id'] as string | undefined;
    return { events: items.map(toEvent), workspaceId };
  },
});
