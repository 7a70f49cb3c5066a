import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { VmEvent } from '../../../contracts/compute/vm-event.ts';
import { vmStatuses } from '../../../contracts/compute/vm-states.ts';
import type { Run, VmRecord } from '../../../functions/compute/domain/vm.ts';
import type { LifecycleStore } from '../../../functions/compute/ports.ts';
import { holdings } from '../../../functions/compute/store/holdings.ts';
import { createLifecycleStore, runOf } from '../../../functions/compute/store/lifecycle-store.ts';
import { toVmItem } from '../../../functions/compute/store/vm-item.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { vmRecord } from '../../unit/compute/vm-record.ts';

const now = new Date('2026-02-01T00:01:00.000Z');

let backend: Backend;
let vms: LifecycleStore;
let vm: VmRecord;

beforeAll(async () => {
  backend = await startBackend();
  vms = createLifecycleStore(backend.table, holdings);
}, 60_000);
afterAll(() => backend?.stop());

beforeEach(async () => {
  vm = vmRecord({ id: uuidv7(), workspace_id: uuidv7(), status: 'starting', run: 5, version: 8, instance_id: 'i-1' });
  await backend.table.write({ put: toVmItem(vm) });
});

const event = (): VmEvent => ({
  id: uuidv7(),
  at: now.toISOString(),
  action: 'start',
  request_id: null,
  step: 'record-running',
  outcome: 'succeeded',
  took_ms: 1,
  reason: null,
});
const stored = () => backend.table.queryAll({ pk: `WS#${vm.workspace_id}` });
const history = () => backend.table.queryAll({ pk: `VM#${vm.id}` });
const end = { status: 'running', reason: null, details: { public_ip: '203.0.113.1' } } as const;

const another = { instance_type: 'large', vcpus: 8 };
const vmIn = ({ status, version }: Run): VmRecord => ({ ...vm, status, run: version });

/** Every write that a step makes, as a step does that has read the VM before it moved on. */
const writes: Readonly<Record<string, (run: Run) => Promise<boolean>>> = {
  note: (run) => vms.note(run, { instance_id: 'i-2' }, now),
  noteLaunch: (run) => vms.noteLaunch(run, { instance_id: 'i-2' }, now),
  settle: (run) => vms.settle(vmIn(run), end, event(), now),
  'settle in error': (run) => vms.settle(vmIn(run), { ...end, status: 'error' }, event(), now),
  endResize: (run) => vms.endResize({ ...vmIn(run), resize_to: another }, 'done', now),
  remove: (run) => vms.remove(vmIn(run), event(), now),
};

describe('a write of a step', () => {
  it.each(Object.keys(writes))('%s, changes nothing of a VM that is in another state or run', async (name) => {
    const [write, before] = [writes[name], await stored()];
    const others = [
      ...vmStatuses.filter((status) => status !== 'starting').map((status) => ({ status, version: 5 })),
      { status: 'starting' as const, version: 4 },
      { status: 'starting' as const, version: 8 },
    ];
    for (const other of others) expect(await write?.({ ...runOf(vm), ...other })).toBe(false);
    expect([await stored(), await history()]).toEqual([before, []]);
  });

  it('that ends a workflow leaves the status, what came with it, and a row of history', async () => {
    expect(await vms.settle(vm, end, event(), now)).toBe(true);
    const [item] = await stored();
    expect(item).toMatchObject({ status: 'running', public_ip: '203.0.113.1', version: 9, run: 5 });
    expect(await history()).toMatchObject([{ step: 'record-running', outcome: 'succeeded' }]);
    expect(await vms.settle(vm, end, event(), now)).toBe(false);
  });

  it('that ends a resize gives back what was held for it once, of two that both read it', async () => {
    const resize_to = { instance_type: 'small', vcpus: 2 };
    const resizing = { ...vm, vcpus: 8, resize_to };
    const counted: number[] = [];
    const counting = {
      ...holdings,
      countVms: (workspaceId: string, { vcpus = 0 }: { vcpus?: number }) => {
        counted.push(vcpus);
        return { put: { pk: `COUNT#${workspaceId}`, sk: uuidv7(), vcpus } };
      },
    };
    const store = createLifecycleStore(backend.table, counting);
    await backend.table.write({ put: toVmItem(resizing) });
    const ends = await Promise.all([store.endResize(resizing, 'done', now), store.endResize(resizing, 'done', now)]);
    expect([ends.toSorted(), counted]).toEqual([
      [false, true],
      [-6, -6],
    ]);
    expect(await backend.table.queryAll({ pk: `COUNT#${vm.workspace_id}` })).toHaveLength(1);
    expect(await stored()).toMatchObject([{ instance_type: 'small', vcpus: 2 }]);
  });

  it('takes nothing for a creation that has been given up, but that it failed', async () => {
    await vms.note(runOf(vm), { given_up: true }, now);
    expect(await writes['noteLaunch']?.(runOf(vm))).toBe(false);
    expect(await writes['settle']?.(runOf(vm))).toBe(false);
    expect(await writes['settle in error']?.(runOf(vm))).toBe(true);
  });

  it('removes what is null and leaves what is not named', async () => {
    await vms.note(runOf(vm), { instance_id: null, private_ip: '10.0.0.1' }, now);
    const [item] = await stored();
    expect([item?.['instance_id'], item?.['private_ip'], item?.['name'], item?.['version']]).toEqual([
      undefined,
      '10.0.0.1',
      vm.name,
      9,
    ]);
  });
});
