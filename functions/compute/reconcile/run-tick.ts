import type { Table } from '../../platform/table/types.ts';
import { listGroups } from '../store/registry.ts';
import type { SendMessages } from './messages.ts';

export interface TickDependencies {
  table: Table;
  send: SendMessages;
  now: () => Date;
}

/** One query and a message a workspace: what a look takes, its provider decides, so no workspace waits for another's. */
export async function runTick({ table, send, now }: TickDependencies): Promise<void> {
  const byWorkspace = Map.groupBy(await listGroups(table), ({ workspace_id }) => workspace_id);
  const sent_at = now().toISOString();
  await send([...byWorkspace].map(([workspace_id, groups]) => ({ workspace_id, groups, sent_at })));
}
