import type { Change, Effect } from '../platform/outbox/effect.ts';
import type { Item } from '../platform/table/types.ts';
import type { Teardown } from './domain/workspace.ts';

const teardownOf = (item: Item | undefined) => item?.['teardown'] as Teardown | undefined;

/** What follows from a change of a workspace: a teardown that was asked for gets its workflow, and its end is told. */
export function workspaceChanged({ before, after }: Change): Effect[] {
  const [was, is] = [teardownOf(before), teardownOf(after)];
  const item = after ?? before;
  if (item === undefined) return [];
  const id = String(item['id']);
  const params = { workspace: String(item['name']) };
  if (after === undefined) {
    if (was === undefined) return [];
    // Its owners are none any more by now; who asked is told.
    return [{ notify: { type: 'notification_due', kind: 'workspace_deleted', user_ids: [was.asked_by], params } }];
  }
  if (is?.state === 'asked' && is.run !== (was?.state === 'asked' ? was.run : undefined)) {
    const input = { workspace_id: id, version: is.run };
    return [{ start: { machine: 'workspace-teardown', name: `${id}-${is.run}`, input } }];
  }
  if (is?.state === 'failed' && was?.state !== 'failed') {
    const reason = is.reason ?? '';
    return [
      {
        notify: {
          type: 'notification_due',
          kind: 'workspace_delete_failed',
          workspace_id: id,
          user_ids: [is.asked_by],
          params: { ...params, reason },
        },
      },
    ];
  }
  return [];
}
