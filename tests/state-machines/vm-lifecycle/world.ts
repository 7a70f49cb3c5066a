import { v7 as uuidv7 } from 'uuid';
import { expect } from 'vitest';
import type { VmWork } from '../../../contracts/compute/vm-states.ts';
import { changeVm } from '../../../functions/compute/domain/change-vm.ts';
import { heldVcpus } from '../../../functions/compute/domain/resize.ts';
import { newVm, type VmRecord } from '../../../functions/compute/domain/vm.ts';
import { readStepInput } from '../../../functions/compute/steps/read-step-input.ts';
import { runStep } from '../../../functions/compute/steps/run-step.ts';
import type { StepDependencies } from '../../../functions/compute/steps/step.ts';
import { holdings } from '../../../functions/compute/store/holdings.ts';
import { createLifecycleStore } from '../../../functions/compute/store/lifecycle-store.ts';
import { toVm } from '../../../functions/compute/store/vm-item.ts';
import { deletedVmKey, userDataKey, vmKey } from '../../../functions/compute/store/vm-keys.ts';
import { createVmStore } from '../../../functions/compute/store/vm-store.ts';
import { vmChanged } from '../../../functions/compute/vm-changed.ts';
import { toItem as toCredentialItem } from '../../../functions/credentials/store/credential-item.ts';
import { key } from '../../../functions/platform/table/key.ts';
import type { Item, Table } from '../../../functions/platform/table/types.ts';
import type { Stretch } from '../../../functions/platform/trace.ts';
import { createQuotaStore } from '../../../functions/workspaces/store/quota-store.ts';
import { createFakeCloud, type FakeCloud } from '../../integration/compute/fake-cloud.ts';
import { execute } from './engine.ts';

/** What the relay would start an execution with. */
export type RunInput = { workspace_id: string; vm_id: string; action: VmWork; version: number };

/** What the relay would start to have new tags told. */
export type TagInput = Omit<RunInput, 'action'> & { action: 'tag' };

type Asked = Exclude<VmWork, 'create'>;

/** Kinds of work as tests tell them apart: a start of a machine that is to be another type, a creation with user data. */
export type Prepared = VmWork | 'start as another type' | 'create with user data';

/** What a kind of work is to the workflow. */
export const workOf = (prepared: Prepared): VmWork =>
  prepared === 'start as another type' ? 'start' : prepared === 'create with user data' ? 'create' : prepared;

/** A workspace with a credential, a cloud in memory, a clock that only waits move, and the steps over a real table. */
export interface World {
  workspaceId: string;
  credentialId: string;
  table: Table;
  cloud: FakeCloud;
  /** What the steps logged. */
  logged: { message: string; fields: Readonly<Record<string, unknown>> }[];
  /** What the steps added to their traces. */
  traced: Stretch[];
  dependencies: StepDependencies;
  runStep: (step: string, run: object) => Promise<unknown>;
  /** A VM as `POST /vms` leaves it, and what the relay makes of it. */
  create(given?: Partial<VmRecord>): Promise<RunInput>;
  /** As `POST /vms/{id}/start` and the like do, in whatever state the VM is. */
  ask(action: Asked, vmId: string): Promise<RunInput>;
  /** A VM at rest whose machine has been there for long. */
  rest(status: 'running' | 'stopped'): Promise<VmRecord>;
  /** The same for any work: of a VM that has just been asked for, or of one at rest with its machine. */
  prepare(work: Prepared): Promise<RunInput>;
  /** As `PUT /vms/{id}` does; answers what is started of it. */
  change(vmId: string, change: { name?: string; tags?: Record<string, string> }): Promise<TagInput | undefined>;
  /** What is started of a VM that has come to rest with tags that are due. */
  toldAtRest(vmId: string): Promise<TagInput | undefined>;
  vm(vmId: string): Promise<VmRecord | undefined>;
  events(vmId: string): Promise<Item[]>;
  hasUserData(vmId: string): Promise<boolean>;
  /** VMs, their virtual processors and uses of the credential that are counted. */
  counted(): Promise<{ vms: number; vcpus: number; uses: number }>;
}

export const userData = '#cloud-config';
/** Of every call that begins a workflow here. */
export const requestId = 'req_1';
const prices: Readonly<Record<string, number>> = { small: 7.3, large: 73 };

const startedBy = (
  before: Item | undefined,
  after: Item | undefined,
): Readonly<Record<string, unknown>> | undefined => {
  const change = { type: 'vm', event: 'MODIFY', id: 'e', at: '2026-02-01T00:00:00.000Z' } as const;
  const effects = vmChanged({ ...change, ...(before && { before }), ...(after && { after }) });
  return effects.find((effect) => 'start' in effect)?.start.input;
};

const started = (before: Item | undefined, after: Item | undefined): RunInput => {
  const input = startedBy(before, after);
  if (input === undefined) throw new Error('this change starts nothing');
  return input as RunInput;
};

export async function makeWorld(table: Table): Promise<World> {
  const [workspaceId, credentialId, userId] = [uuidv7(), uuidv7(), uuidv7()];
  const cloud = createFakeCloud();
  const vms = createVmStore(table);
  const logged: World['logged'] = [];
  const traced: Stretch[] = [];
  let time = Date.parse('2026-02-01T00:00:00.000Z');
  const at = new Date(time).toISOString();
  const dependencies: StepDependencies = {
    vms: createLifecycleStore(table, holdings),
    connect: async ({ region }) => cloud.connect({ region, secret: {} }),
    openUserData: async () => Buffer.from(userData),
    monthlyCost: async (_provider, _region, instanceType) => prices[instanceType],
    now: () => new Date(++time),
    newId: uuidv7,
    pause: async (milliseconds) => {
      time += milliseconds;
    },
    logger: {
      info: (message, fields) => void logged.push({ message, fields }),
      error: (message, fields) => void logged.push({ message, fields }),
    },
    trace: { add: (stretch) => void traced.push(stretch) },
  };
  const credential = {
    id: credentialId,
    workspace_id: workspaceId,
    name: 'aws',
    provider: 'aws',
    is_active: true,
    enabled: true,
    keyless: null,
  } as const;
  const versions = { version: 1, secret_version: 1, created_at: at, updated_at: at };
  const sealed = {
    v: 1,
    key: Buffer.from('k'),
    iv: Buffer.from('i'),
    tag: Buffer.from('t'),
    data: Buffer.from('d'),
  } as const;
  await table.transact([
    createQuotaStore(table).insert(workspaceId),
    { put: toCredentialItem({ ...credential, ...versions }, sealed) },
  ]);
  const itemOf = (vmId: string) => table.get(vmKey(workspaceId, vmId));
  const asked = { name: 'web-1', provider: 'aws', instance_type: 'small', region: 'eu-west-1' } as const;

  async function insert(given: Partial<VmRecord>): Promise<VmRecord> {
    const caller = { callerId: userId, requestId };
    const fresh = { id: uuidv7(), workspaceId, credentialId, asked, vcpus: 2, ...caller, now: new Date(time) };
    const vm = { ...newVm(fresh), ...given };
    const held = [
      holdings.countVms(workspaceId, { vms: 1, vcpus: heldVcpus(vm) }),
      holdings.countUse(workspaceId, credentialId, 1, 'aws'),
    ];
    const sealed = vm.has_user_data ? [{ put: { ...userDataKey(vm.id), sealed: 'sealed' } }] : [];
    await table.transact([vms.insert(vm), vms.register(vm), ...held, ...sealed]);
    return vm;
  }

  /** A VM whose machine has been on for long. */
  async function insertAtRest(status: 'running' | 'stopped', given: Partial<VmRecord> = {}): Promise<VmRecord> {
    const vm = await insert({
      ...given,
      status,
      image_id: 'image',
      launch: 'sent',
      attempt: 1,
      launched_at: '2026-01-01T00:00:00.000Z',
    });
    const spec = { vmId: vm.id, workspaceId, token: `${vm.id}.1`, name: vm.name, keyPair: null, tags: {} };
    const { id, account } = await cloud
      .connect({ region: vm.region, secret: {} })
      .launch({ ...spec, instanceType: 'small', imageId: 'image' });
    Object.assign(cloud.machines.get(id) ?? {}, { state: status === 'running' ? 'on' : 'off', ahead: [] });
    const { pk, sk } = vmKey(workspaceId, vm.id);
    const change = { text: 'SET #instance_id = :id, #account = :account', values: { id, account } };
    await table.write({ update: { pk, sk }, change });
    return { ...vm, instance_id: id, account };
  }

  async function create(given: Partial<VmRecord> = {}): Promise<RunInput> {
    const { id } = await insert(given);
    return started(undefined, await itemOf(id));
  }

  async function ask(action: Asked, vmId: string): Promise<RunInput> {
    const before = await itemOf(vmId);
    if (before === undefined) throw new Error('there is no such VM');
    await table.transact([vms.act(toVm(before), action, new Date(time), { requestId })]);
    return started(before, await itemOf(vmId));
  }

  return {
    workspaceId,
    credentialId,
    table,
    cloud,
    logged,
    traced,
    dependencies,
    runStep: async (step, run) => runStep(readStepInput({ step, run }), dependencies),
    create,
    ask,
    rest: insertAtRest,
    async prepare(work) {
      if (work === 'create') return create();
      if (work === 'create with user data') return create({ has_user_data: true });
      if (work === 'start as another type') {
        const { id } = await insertAtRest('stopped', { resize_to: { instance_type: 'large', vcpus: 8 } });
        return ask('start', id);
      }
      const { id } = await insertAtRest(work === 'start' ? 'stopped' : 'running');
      return ask(work, id);
    },
    async change(vmId, change) {
      const item = await itemOf(vmId);
      if (item === undefined) throw new Error('there is no such VM');
      const before = toVm(item);
      const { name, tags, tags_gone, tags_version } = changeVm(before, change);
      await table.transact([vms.update(before, { name, tags, tags_gone, tags_version }, new Date(time))]);
      return startedBy(item, await itemOf(vmId)) as TagInput | undefined;
    },
    async toldAtRest(vmId) {
      const item = await itemOf(vmId);
      return item && (startedBy({ ...item, status: 'stopping' }, item) as TagInput | undefined);
    },
    async vm(vmId) {
      const item = (await itemOf(vmId)) ?? (await table.get(deletedVmKey(workspaceId, vmId)));
      return item && toVm(item);
    },
    events: (vmId) => table.queryAll({ pk: key('VM', vmId), prefix: 'EVENT#' }),
    hasUserData: async (vmId) => (await table.get(userDataKey(vmId))) !== undefined,
    async counted() {
      const quota = await createQuotaStore(table).find(workspaceId);
      const item = await table.get({ pk: key('WS', workspaceId), sk: key('CREDENTIAL', credentialId) });
      const used = (name: 'vms' | 'vcpus') => (quota?.max[name] ?? 0) - (quota?.left[name] ?? 0);
      return { vms: used('vms'), vcpus: used('vcpus'), uses: Number(item?.['uses']) };
    },
  };
}

const perform = (world: World) => (task: { step: string; run: object }) => world.runStep(task.step, task.run);
/** Runs the workflow as it is deployed. */
export const run = (world: World, input: RunInput) => execute(input, perform(world));

/** The VM can be deleted, whatever it went through, and nothing is left at the provider or in the counts. */
export async function expectDeletable(world: World, vmId: string): Promise<void> {
  const vm = await world.vm(vmId);
  if (vm?.status !== 'deleted') await run(world, await world.ask('delete', vmId));
  expect((await world.vm(vmId))?.status).toBe('deleted');
  expect([world.cloud.alive(), await world.counted()]).toEqual([[], { vms: 0, vcpus: 0, uses: 0 }]);
}
