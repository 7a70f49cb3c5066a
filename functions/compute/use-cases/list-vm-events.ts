import type { computeRoutes } from '../../../contracts/compute/routes.ts';
import { notFound } from '../../../contracts/errors.ts';
import type { Call, UseCase } from '../../platform/api/call.ts';
import { assertNoOffset, countedTo, paginationOf } from '../../platform/api/stream-page.ts';
import { isOver } from '../domain/history.ts';
import type { HistoryStore, VmStore } from '../ports.ts';
import { enterVm } from './get-vm.ts';
import { readHistoryCursor, writeHistoryCursor } from './history-cursor.ts';

type Route = (typeof computeRoutes)['vms.events'];
type Page = Awaited<ReturnType<HistoryStore['page']>>;

/** The rows of the history say whose VM it is; of a VM without any, its own item does. */
async function enterOwner(vms: VmStore, id: string, found: Page, call: Call): Promise<void> {
  const { workspaceId, events } = found;
  if (workspaceId === undefined || !call.workspaces().includes(workspaceId)) {
    await enterVm(vms, id, call);
    return;
  }
  if (isOver(events, call.now)) throw notFound();
  call.enter(workspaceId);
}

/** The history lies under the VM's id alone, and is shown once that is known to be the caller's. */
export const listVmEvents =
  ({ vms, history }: { vms: VmStore; history: HistoryStore }): UseCase<Route> =>
  async ({ params, query }, call) => {
    const { limit, offset, cursor, sort } = query;
    const list = `vm-events ${params.id} ${sort.direction}`;
    assertNoOffset(query);
    const start = cursor === undefined ? undefined : readHistoryCursor(list, cursor);
    const page = await history.page(params.id, {
      descending: sort.direction === 'desc',
      after: start?.after,
      limit: start === undefined ? Math.max(offset + limit, countedTo) + 1 : limit + 1,
    });
    await enterOwner(vms, params.id, page, call);
    const { events: found } = page;
    const events = found.slice(offset, offset + limit);
    const last = events.at(-1);
    const hasNext = found.length > offset + limit;
    const counted = start ?? { total: Math.min(found.length, countedTo), capped: found.length > countedTo };
    const next = hasNext && last !== undefined ? writeHistoryCursor(list, last, counted) : undefined;
    return { data: { events, pagination: paginationOf(query, counted, next) } };
  };
