import { v7 as uuidv7 } from 'uuid';
import { noSchedule } from '../../../functions/compute/domain/schedule.ts';
import { askVmDeletion } from '../../../functions/compute/index.ts';
import { holdings } from '../../../functions/compute/store/holdings.ts';
import { createLifecycleStore } from '../../../functions/compute/store/lifecycle-store.ts';
import { createScheduleStore } from '../../../functions/compute/store/schedule-store.ts';
import { createVmStore } from '../../../functions/compute/store/vm-store.ts';
import { credentialRemovals } from '../../../functions/credentials/index.ts';
import type { Table } from '../../../functions/platform/table/types.ts';
import { runStep } from '../../../functions/workspaces/steps/run-step.ts';
import type { StepInput } from '../../../functions/workspaces/steps/step.ts';
import { createMemberStore } from '../../../functions/workspaces/store/member-store.ts';
import { createQuotaStore } from '../../../functions/workspaces/store/quota-store.ts';
import { createWorkspaceStore } from '../../../functions/workspaces/store/workspace-store.ts';
import { createComputeHttp, storeCredential, vmBody } from '../../integration/compute/compute-api.ts';
import type { Resident, Tenancy } from '../../integration/workspaces/tenancy.ts';
import { executeDefinition, readDefinition, type Task } from '../../support/step-functions.ts';

export const definition = readDefinition('workspace-teardown');

export interface Doomed {
  owner: Resident;
  second: Resident;
  id: string;
  vmIds: string[];
}

/** A workspace with a credential, a second owner, and VMs: running, stopped, in error, and one that is being made. */
export async function foundWithVms(tenancy: Tenancy): Promise<Doomed> {
  const [owner, second] = [await tenancy.settle(), await tenancy.settle()];
  const id = await tenancy.found(owner, 'doomed');
  await tenancy.join(id, second, 'owner', owner);
  await storeCredential(tenancy, owner, id);
  const schedule = { ...noSchedule(id), start: '0 8 * * *', version: 1 };
  await tenancy.table.transact([createScheduleStore(tenancy.table).put(schedule)]);
  const compute = createComputeHttp(tenancy);
  const vmIds: string[] = [];
  for (const status of ['running', 'stopped', 'error', 'pending']) {
    const body = { ...vmBody, workspace_id: id, image_id: 'ami-12c6146b' };
    const made = await compute('POST', '/vms', { token: owner.token, body });
    if (made.status !== 201) throw new Error(`cannot make a VM: ${JSON.stringify(made.body)}`);
    vmIds.push(made.body.data.id);
    await tenancy.table.write({
      update: { pk: `WS#${id}`, sk: `VM#${made.body.data.id}` },
      change: { text: 'SET #status = :status, #launch = :none', values: { status, none: 'none' } },
    });
  }
  return { owner, second, id, vmIds };
}

/** What vm-lifecycle would do meanwhile: what is being made runs, what is being deleted goes, or fails to. */
export async function moveVms(table: Table, workspaceId: string, refuses: (vmId: string) => boolean = () => false) {
  const now = new Date();
  const lifecycle = createLifecycleStore(table, holdings);
  const event = (action: 'create' | 'delete') => ({
    id: uuidv7(),
    at: now.toISOString(),
    action,
    request_id: null,
    step: 'record-deleted' as const,
    outcome: 'succeeded' as const,
    took_ms: 1,
    reason: null,
  });
  for (const vm of await createVmStore(table).list(workspaceId)) {
    if (vm.status === 'pending') {
      const end = { status: 'running' as const, reason: null, details: {} };
      await lifecycle.settle(vm, end, event('create'), now);
    } else if (vm.status === 'deleting' && refuses(vm.id)) {
      const end = { status: 'error' as const, reason: 'CREDENTIAL_REJECTED', details: {} };
      await lifecycle.settle(vm, end, event('delete'), now);
    } else if (vm.status === 'deleting') await lifecycle.remove(vm, event('delete'), now);
  }
}

interface Parts {
  table?: Table;
  refuses?: (vmId: string) => boolean;
}

/** The function of the steps over a tenancy's table; what it would wait for happens in its pauses. */
export function createSteps(tenancy: Tenancy, workspaceId: string, { table = tenancy.table, refuses }: Parts = {}) {
  let clock = Date.now();
  return (input: StepInput) =>
    runStep(input, {
      stores: {
        workspaces: createWorkspaceStore(table),
        members: createMemberStore(table),
        quotas: createQuotaStore(table),
        credentials: { removals: (id) => credentialRemovals(table, id) },
      },
      holdings: [{ askDeletion: askVmDeletion(table) }],
      now: () => new Date(clock),
      pause: async (milliseconds) => {
        clock += milliseconds;
        await moveVms(tenancy.table, workspaceId, refuses);
      },
      logger: { info: () => undefined, error: () => undefined },
    });
}

/** The input that the relay gives the execution. */
export async function inputOf(tenancy: Tenancy, workspaceId: string) {
  const item = await tenancy.table.get({ pk: `WS#${workspaceId}`, sk: 'WS' });
  const teardown = item?.['teardown'] as { run: number } | undefined;
  if (teardown === undefined) throw new Error('no teardown was asked for');
  return { workspace_id: workspaceId, version: teardown.run };
}

export const execute = (input: object, perform: (task: Task) => Promise<unknown>) =>
  executeDefinition(definition, input, perform);
