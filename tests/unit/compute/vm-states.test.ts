import { describe, expect, it } from 'vitest';
import {
  allowedActions,
  busyStateOf,
  statesAllowing,
  type VmStatus,
  vmActions,
  vmStates,
  vmStatuses,
  vmWorks,
} from '../../../contracts/compute/vm-states.ts';

/** The states that can follow one, by whatever may happen in it. */
function followers(status: VmStatus): VmStatus[] {
  const { busy, actions, observed } = vmStates[status];
  const ends = busy === undefined ? [] : [busy.done, busy.failed];
  return [
    ...ends,
    ...Object.values(actions).map(({ next }) => next),
    ...Object.values(observed).map(({ next }) => next),
  ];
}

function reachableFrom(start: VmStatus): Set<VmStatus> {
  const seen = new Set<VmStatus>([start]);
  for (const status of seen) for (const next of followers(status)) seen.add(next);
  return seen;
}

const machine = (status: VmStatus, instance_id: string | null = 'i-1') => ({ status, instance_id });

describe('the state table', () => {
  it('is the one of the contract', () => {
    const rows = Object.fromEntries(
      vmStatuses.map((status) => {
        const { busy, actions, observed } = vmStates[status];
        const parts = [
          ...(busy === undefined ? [] : [`${busy.works.join(', ')} → ${busy.done} · ${busy.failed}`]),
          ...Object.entries(actions).map(
            ([action, { next, needs }]) => `${action}${needs ? ` (${needs})` : ''} → ${next}`,
          ),
          ...Object.entries(observed).map(([seen, { next }]) => `observed ${seen} → ${next}`),
        ];
        return [status, parts.join(' · ')];
      }),
    );
    expect(rows).toEqual({
      pending: 'create → running · error',
      running:
        'stop → stopping · restart → starting · delete → deleting · observed off → stopped · observed gone → error',
      stopping: 'stop → stopped · error',
      stopped: 'start → starting · resize → stopped · delete → deleting · observed on → running',
      starting: 'start, restart → running · error',
      deleting: 'delete → deleted · error',
      error: 'start (instance_id) → starting · delete → deleting · observed on → running · observed off → stopped',
      deleted: '',
    });
  });

  it('lets a VM out of every state but deleted, and to deleted from every state', () => {
    for (const status of vmStatuses.filter((name) => name !== 'deleted'))
      expect(reachableFrom(status)).toContain('deleted');
    expect(followers('deleted')).toEqual([]);
  });

  it('reaches every state from pending', () => {
    expect([...reachableFrom('pending')].toSorted()).toEqual([...vmStatuses].toSorted());
  });

  it('lets nothing be asked of a busy VM, and nothing be observed of one', () => {
    for (const status of vmStatuses) {
      const { busy, actions, observed } = vmStates[status];
      if (busy === undefined) continue;
      expect([actions, observed]).toEqual([{}, {}]);
      expect(allowedActions(machine(status))).toEqual([]);
    }
  });

  it('ends every busy state in rest: by success, or in an error that can be deleted', () => {
    for (const status of vmStatuses) {
      const { busy } = vmStates[status];
      if (busy === undefined) continue;
      expect(vmStates[busy.done].busy).toBeUndefined();
      expect(allowedActions(machine(busy.failed, null))).toContain('delete');
    }
  });

  it('leads each action to one busy state, which is that of its own work', () => {
    for (const action of vmActions) {
      if (action === 'resize') continue;
      const nexts = new Set(statesAllowing(action).map(({ next }) => next));
      expect([...nexts]).toEqual([busyStateOf(action).status]);
    }
  });

  it('resizes where it stands: what is off is changed on record, and on the machine as it starts', () => {
    expect(statesAllowing('resize')).toEqual([{ status: 'stopped', next: 'stopped' }]);
  });

  it('has a busy state for each kind of work, and no two for one', () => {
    const works = vmStatuses.flatMap((status) => vmStates[status].busy?.works ?? []);
    expect(works.toSorted()).toEqual(vmWorks.toSorted());
  });

  it('lets a failed VM start only where it has a machine', () => {
    expect(allowedActions(machine('error'))).toEqual(['start', 'delete']);
    expect(allowedActions(machine('error', null))).toEqual(['delete']);
  });
});
