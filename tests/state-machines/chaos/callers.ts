import { v7 as uuidv7 } from 'uuid';
import { scheduleUseCases } from '../../../functions/compute/schedule/schedule-use-cases.ts';
import { holdings } from '../../../functions/compute/store/holdings.ts';
import { createScheduleStore } from '../../../functions/compute/store/schedule-store.ts';
import { userDataKey } from '../../../functions/compute/store/vm-keys.ts';
import { createVmStore } from '../../../functions/compute/store/vm-store.ts';
import { actOnVm } from '../../../functions/compute/use-cases/act-on-vm.ts';
import { createVm } from '../../../functions/compute/use-cases/create-vm.ts';
import { updateVm } from '../../../functions/compute/use-cases/update-vm.ts';
import type { Call } from '../../../functions/platform/api/call.ts';
import type { Table } from '../../../functions/platform/table/types.ts';
import type { World } from '../vm-lifecycle/world.ts';

type Update = ReturnType<typeof scheduleUseCases>['schedules.update'];
type Action = Parameters<typeof actOnVm>[1];
type Change = Parameters<ReturnType<typeof updateVm>>[0]['body'];
type Runs = Pick<Parameters<Update>[0]['body'], 'start' | 'stop' | 'enabled'>;
type Asked = Partial<Parameters<ReturnType<typeof createVm>>[0]['body']>;

const vcpus: Readonly<Record<string, number>> = { small: 2, large: 8 };

/** What members ask for, by the use cases themselves, over a table of one's choice. */
export function createCallers({ workspaceId, credentialId, dependencies }: World, table: Table) {
  const vms = createVmStore(table);
  const now = dependencies.now();
  const call = {
    now,
    caller: { userId: 'somebody', role: 'user', sessionId: '', memberships: {} },
    ifMatch: undefined,
    newId: uuidv7,
    enter: () => 'member',
    workspaces: () => [workspaceId],
    expectVersion: () => undefined,
    async commit(writes, answer) {
      await table.transact(writes);
      return answer;
    },
    answeredOr: async (refusal) => {
      throw refusal;
    },
  } as Partial<Call> as Call;
  const uses = {
    vms,
    holdings,
    credentials: { onlyOf: async () => ({ id: credentialId }) },
    userData: {
      seal: async () => ({}) as never,
      insert: ({ id }: { id: string }) => ({ put: { ...userDataKey(id), sealed: 'sealed' } }),
    },
    vcpusOf: async (_provider: string, _region: string, type: string) => vcpus[type],
  };
  const asked = { workspace_id: workspaceId, name: 'web-1', provider: 'aws', instance_type: 'small' } as const;
  return {
    create: (more: Asked) => createVm(uses)({ body: { ...asked, region: 'eu-west-1', ...more } } as never, call),
    change: (id: string, body: Change) => updateVm(uses)({ params: { id }, body } as never, call),
    schedule: (runs: Runs) => {
      const { 'schedules.update': update } = scheduleUseCases({ schedules: createScheduleStore(table) });
      return update({ params: { id: workspaceId }, body: { time_zone: 'UTC', ...runs } } as never, call);
    },
    act: (id: string, action: Action) => actOnVm(vms, action, id, call),
  };
}
