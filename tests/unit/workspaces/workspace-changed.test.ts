import { describe, expect, it } from 'vitest';
import type { Change } from '../../../functions/platform/outbox/effect.ts';
import type { Teardown } from '../../../functions/workspaces/domain/workspace.ts';
import { workspaceChanged } from '../../../functions/workspaces/workspace-changed.ts';

const id = '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a';
const item = (teardown?: Partial<Teardown>) => ({
  pk: `WS#${id}`,
  sk: 'WS',
  type: 'workspace',
  id,
  name: 'Team A',
  ...(teardown && { teardown: { asked_by: 'somebody', run: 5, ...teardown } }),
});
const change = (before: ReturnType<typeof item>, after?: ReturnType<typeof item>): Change => ({
  type: 'workspace',
  event: after === undefined ? 'REMOVE' : 'MODIFY',
  before,
  ...(after && { after }),
  id: 'event',
  at: '2026-01-31T09:30:00.000Z',
});

describe('a change of a workspace', () => {
  it('has no effect but of its teardown', () => {
    expect(workspaceChanged(change(item(), item()))).toEqual([]);
    expect(workspaceChanged(change(item()))).toEqual([]);
    expect(workspaceChanged(change(item({ state: 'asked' }), item({ state: 'asked' })))).toEqual([]);
  });

  it('starts the workflow of a teardown that was asked for, and of each that is asked for anew', () => {
    const start = (run: number) => ({
      start: { machine: 'workspace-teardown', name: `${id}-${run}`, input: { workspace_id: id, version: run } },
    });
    expect(workspaceChanged(change(item(), item({ state: 'asked' })))).toEqual([start(5)]);
    expect(workspaceChanged(change(item({ state: 'failed' }), item({ state: 'asked', run: 9 })))).toEqual([start(9)]);
  });

  it('tells the owners of a teardown that failed, and who asked of one that is done', () => {
    const [failed] = workspaceChanged(change(item({ state: 'asked' }), item({ state: 'failed', reason: 'TIMED_OUT' })));
    expect(failed).toMatchObject({
      notify: {
        kind: 'workspace_delete_failed',
        workspace_id: id,
        params: { workspace: 'Team A', reason: 'TIMED_OUT' },
      },
    });
    const [done] = workspaceChanged(change(item({ state: 'asked' })));
    expect(done).toMatchObject({ notify: { kind: 'workspace_deleted', user_ids: ['somebody'] } });
  });
});
