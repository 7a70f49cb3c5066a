import { describe, expect, it } from 'vitest';
import { vmStatuses } from '../../../contracts/compute/vm-states.ts';
import { eventData } from '../../../contracts/realtime/events.ts';
import { vmChanged } from '../../../functions/compute/index.ts';
import { toVmItem } from '../../../functions/compute/store/vm-item.ts';
import type { Change } from '../../../functions/platform/outbox/effect.ts';
import type { Item } from '../../../functions/platform/table/types.ts';
import { vmRecord } from './vm-record.ts';

const image = (status: (typeof vmStatuses)[number], version = 1): Item =>
  toVmItem(vmRecord({ status, version, run: version }));

function change(before: Item | undefined, after: Item | undefined): Change {
  const event = before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY';
  return {
    type: 'vm',
    event,
    id: 'stream-1',
    at: '2026-02-01T00:00:09.000Z',
    ...(before && { before }),
    ...(after && { after }),
  };
}

const vm = vmRecord({});

describe('a change of a VM', () => {
  it('that makes it tells its members and starts its creation', () => {
    expect(vmChanged(change(undefined, image('pending')))).toEqual([
      {
        publish: {
          type: 'vm_status_changed',
          workspace_id: vm.workspace_id,
          data: {
            vm_id: vm.id,
            workspace_id: vm.workspace_id,
            status: 'pending',
            previous: null,
            timestamp: vm.updated_at,
          },
          version: 1,
        },
      },
      {
        start: {
          machine: 'vm-lifecycle',
          name: `${vm.id}-1`,
          input: { workspace_id: vm.workspace_id, vm_id: vm.id, action: 'create', version: 1, request_id: 'req_1' },
        },
      },
    ]);
  });

  it('starts the work of each busy state on entering it, and nothing in a state of rest', () => {
    const started = vmStatuses.map((status) => {
      const effects = vmChanged(change(image(status === 'error' ? 'running' : 'error', 4), image(status, 5)));
      return effects.flatMap((effect) =>
        'start' in effect ? [[status, effect.start.input['action'], effect.start.name]] : [],
      );
    });
    expect(started.flat()).toEqual([
      ['pending', 'create', `${vm.id}-5`],
      ['stopping', 'stop', `${vm.id}-5`],
      ['starting', 'start', `${vm.id}-5`],
      ['deleting', 'delete', `${vm.id}-5`],
    ]);
  });

  it('starts what the record says that the VM is put through, where a state has more than one work', () => {
    const entered = { ...image('starting', 5), work: 'restart' };
    const effects = vmChanged(change(image('running', 4), entered));
    expect(effects.flatMap((effect) => ('start' in effect ? effect.start.input['action'] : []))).toEqual(['restart']);
    const stale = vmChanged(change(image('running', 4), { ...image('stopping', 5), work: 'start' }));
    expect(stale.flatMap((effect) => ('start' in effect ? effect.start.input['action'] : []))).toEqual(['stop']);
  });

  it('of name or tags has the provider told, at once where the VM is at rest and else as soon as it is', () => {
    const due = (status: (typeof vmStatuses)[number], version: number, told = 1) => ({
      ...image(status, version),
      instance_id: 'i-1',
      tags_version: 5,
      tags_told: told,
    });
    const tell = { machine: 'vm-lifecycle', name: `${vm.id}-5-tag`, input: { action: 'tag', version: 5 } };
    expect(vmChanged(change(image('running', 4), due('running', 5)))).toMatchObject([{ start: tell }]);
    expect(vmChanged(change(image('starting', 4), due('starting', 5)))).toEqual([]);
    const later = vmChanged(change(due('starting', 6), due('running', 7)));
    expect(later).toMatchObject([{ publish: {} }, { notify: {} }, { start: { ...tell, name: `${vm.id}-7-tag` } }]);
    expect(vmChanged(change(due('running', 7), due('running', 8)))).toEqual([]);
    expect(vmChanged(change(due('starting', 6, 5), due('running', 7, 5)))).toMatchObject([
      { publish: {} },
      { notify: {} },
    ]);
    const { instance_id: _, ...machineless } = due('error', 5);
    expect(vmChanged(change(image('error', 4), machineless))).toEqual([]);
  });

  it('hands on the call that it follows from, of tags too, and none where a timer or a schedule asked', () => {
    const inputs = (after: Item, before: Item) =>
      vmChanged(change(before, after)).flatMap((effect) => ('start' in effect ? [effect.start.input] : []));
    const { request_id: _, ...unasked } = image('stopping', 5);
    const tagged = { ...image('running', 5), instance_id: 'i-1', tags_version: 5, request_id: 'req_2' };
    expect(inputs({ ...image('stopping', 5), request_id: 'req_2' }, image('running', 4))).toMatchObject([
      { action: 'stop', request_id: 'req_2' },
    ]);
    expect(inputs(tagged, image('running', 4))).toMatchObject([{ action: 'tag', request_id: 'req_2' }]);
    expect(inputs(unasked, image('running', 4)).map((input) => Object.keys(input))).toEqual([
      ['workspace_id', 'vm_id', 'action', 'version'],
    ]);
  });

  it('without a change of status has no effect', () => {
    expect(vmChanged(change(image('pending', 1), { ...image('pending', 2), instance_id: 'i-1' }))).toEqual([]);
  });

  it('tells that it is deleted when the item of a VM in deletion goes', () => {
    const [effect, ...others] = vmChanged(change(image('deleting', 7), undefined));
    expect(others).toMatchObject([{ notify: { type: 'notification_due', kind: 'vm_deleted' } }]);
    expect(effect).toMatchObject({
      publish: { version: 8, data: { status: 'deleted', previous: 'deleting', timestamp: '2026-02-01T00:00:09.000Z' } },
    });
  });

  it('tells of no deletion before the change that asked for it, though the stream tells its time to the second', () => {
    const asked = { ...image('deleting', 7), updated_at: '2026-02-01T00:00:09.417Z' };
    expect(vmChanged(change(asked, undefined))[0]).toMatchObject({
      publish: { data: { status: 'deleted', timestamp: '2026-02-01T00:00:09.417Z' } },
    });
  });

  it('has its creator and the owners notified of a VM that runs, fails or is gone, and of no other state', () => {
    const notices = vmStatuses.flatMap((status) => {
      const effects = vmChanged(change(image(status === 'error' ? 'running' : 'error', 4), image(status, 5)));
      return effects.flatMap((effect) => ('notify' in effect ? [effect.notify] : []));
    });
    const shared = { type: 'notification_due', user_ids: [vm.created_by], workspace_id: vm.workspace_id };
    expect(notices).toEqual([
      { ...shared, kind: 'vm_running', params: { vm: 'web-1' }, link: `/vms/${vm.id}` },
      { ...shared, kind: 'vm_error', params: { vm: 'web-1', reason: 'INTERNAL_ERROR' }, link: `/vms/${vm.id}` },
      { ...shared, kind: 'vm_deleted', params: { vm: 'web-1' }, link: `/workspaces/${vm.workspace_id}` },
    ]);
  });

  it('tells nothing of an item that goes in any other state', () => {
    expect(vmChanged(change(image('running'), undefined))).toEqual([]);
  });

  it('publishes what the contract says of the event', () => {
    const effects = vmChanged(change(image('pending'), image('running', 2)));
    const published = effects.flatMap((effect) => ('publish' in effect ? [effect.publish.data] : []));
    expect(published).toHaveLength(1);
    for (const data of published) expect(() => eventData.vm_status_changed.parse(data)).not.toThrow();
  });

  it('starts an execution under a name that Step Functions takes', () => {
    const [, effect] = vmChanged(change(undefined, image('pending', 123_456_789)));
    expect(effect !== undefined && 'start' in effect && effect.start.name).toMatch(/^[\w-]{1,80}$/);
  });
});
