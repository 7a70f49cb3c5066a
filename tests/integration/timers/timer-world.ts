import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { v7 as uuidv7 } from 'uuid';
import type { Timer } from '../../../functions/compute/domain/timer.ts';
import type { VmRecord } from '../../../functions/compute/domain/vm.ts';
import { changeOf } from '../../../functions/compute/store/vm-conditions.ts';
import { toVmItem } from '../../../functions/compute/store/vm-item.ts';
import { vmKey } from '../../../functions/compute/store/vm-keys.ts';
import { createVmStore } from '../../../functions/compute/store/vm-store.ts';
import { fireTimer } from '../../../functions/compute/timers/fire-timer.ts';
import { fireTimers } from '../../../functions/compute/timers/fire-timers.ts';
import type { Item, Table } from '../../../functions/platform/table/types.ts';
import type { Backend } from '../../support/in-process-backend.ts';
import { vmRecord } from '../../unit/compute/vm-record.ts';

/** A table with VMs whose times come, on a clock that stands until it is set. */
export interface TimerWorld {
  table: Table;
  workspaceId: string;
  logged: unknown[];
  /** As `POST /vms` writes it, in a state of one's choice. */
  make(given: Partial<VmRecord>): Promise<VmRecord>;
  /** As `PUT /vms/{id}` writes another `expires_at`. */
  expireAt(vm: VmRecord, expiresAt: string | null): Promise<VmRecord>;
  set(vm: Pick<VmRecord, 'id'>, change: Partial<VmRecord>): Promise<void>;
  vm(id: string): Promise<VmRecord | undefined>;
  /** What fire-timers does when the clock shows this; on another table to have it crash. */
  fireAt(at: string, table?: Table): Promise<void>;
  /** As if all before that hour had been looked at. */
  lookFrom(at: string): Promise<void>;
  timers(): Promise<Timer[]>;
  /** Kinds and params of what people are to be told, in order. */
  notices(): Promise<Item[]>;
}

export const start = '2026-02-01T00:00:00.000Z';

export async function makeTimerWorld(backend: Backend): Promise<TimerWorld> {
  const { table, tableName } = await backend.makeTable();
  const dynamo = new DynamoDBClient(backend.client);
  const vms = createVmStore(table);
  const workspaceId = uuidv7();
  const logged: unknown[] = [];
  const noticed = new Map<string, Item>();
  let now = new Date(start);
  const lookFrom = async (at: string) => {
    await table.write({ put: { pk: 'TIMER', sk: 'WATERMARK', hour: at.slice(0, 13) } });
  };
  await lookFrom(start);

  /** The world sees each notice as it is written, as the stream does. */
  const watching = (inner: Table): Table => ({
    ...inner,
    transact: async (writes, token) => {
      await inner.transact(writes, token);
      for (const write of writes)
        if ('put' in write && write.put.pk.startsWith('NOTICE#')) noticed.set(`${noticed.size}`, write.put);
    },
  });

  return {
    table,
    workspaceId,
    logged,
    lookFrom,
    async make(given) {
      const vm = vmRecord({ id: uuidv7(), workspace_id: workspaceId, status: 'running', instance_id: 'i-1', ...given });
      await table.transact([{ put: toVmItem(vm) }, ...vms.timerWrites(undefined, vm, now)]);
      return vm;
    },
    async expireAt(before, expires_at) {
      const vm = { ...before, expires_at };
      const change = changeOf({ expires_at });
      await table.transact([{ update: vmKey(workspaceId, vm.id), change }, ...vms.timerWrites(before, vm, now)]);
      return vm;
    },
    async set({ id }, change) {
      await table.write({ update: vmKey(workspaceId, id), change: changeOf({ ...change }) });
    },
    vm: async (id) => (await vms.list(workspaceId)).find((vm) => vm.id === id),
    async fireAt(at, given = table) {
      now = new Date(at);
      const own = watching(given);
      const fire = fireTimer({ table: own, vms: createVmStore(own), now: () => now });
      const logger = { error: (message: string, fields: object) => void logged.push({ message, ...fields }) };
      await fireTimers({ table: own, fire, now: () => now, logger });
    },
    async timers() {
      const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: tableName, ConsistentRead: true }));
      return Items.map((item) => unmarshall(item) as Item & Timer)
        .filter(({ pk }) => pk.startsWith('TIMER#'))
        .toSorted((a, b) => (a.at < b.at ? -1 : 1));
    },
    notices: async () => [...noticed.values()],
  };
}
