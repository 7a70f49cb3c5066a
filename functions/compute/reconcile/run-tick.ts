import type { Table } from '../../platform/table/types.ts';
import { type Group, listGroups } from '../store/registry.ts';

/** A workspace to be looked at: one message of the queue. */
export interface LookMessage {
  workspace_id: string;
  groups: Group[];
  sent_at: string;
}

export interface TickDependencies {
  table: Table;
  send: (messages: readonly LookMessage[]) => Promise<void>;
  now: () => Date;
}

/** One query and a message a workspace: what a look takes, its provider decides, so no workspace waits for another's. */
export async function runTick({ table, send, now }: TickDependencies): Promise<void> {
  const byWorkspace = Map.groupBy(await listGroups(table), ({ workspace_id }) => workspace_id);
  const sent_at = now().toISOString();
  await send([...byWorkspace].map(([workspace_id, groups]) => ({ workspace_id, groups, sent_at })));
}
