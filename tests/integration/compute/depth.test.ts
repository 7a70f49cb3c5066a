import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toEventItem } from '../../../functions/compute/store/vm-event.ts';
import { toDeletedVmItem, toVmItem } from '../../../functions/compute/store/vm-item.ts';
import { createTable, createTableClient } from '../../../functions/platform/table/index.ts';
import { type Http, spentOf } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { patient } from '../../support/patient.ts';
import { vmRecord } from '../../unit/compute/vm-record.ts';
import { createTenancy, type Resident } from '../workspaces/tenancy.ts';
import { createComputeHttp } from './compute-api.ts';

interface Call {
  began: number;
  ended: number;
}

/** How often one waits: a call is of the next wave when it began after all of this one had ended. */
function countWaves(calls: readonly Call[]): number {
  let [waves, ends] = [0, -1];
  for (const { began, ended } of calls.toSorted((a, b) => a.began - b.began)) {
    if (began > ends) waves += 1;
    ends = Math.max(ends, ended);
  }
  return waves;
}

const places = 20;
let backend: Backend;
let owner: Resident;
let http: Http;
let running: string;
let last: string;
let deleted: string;
let calls: Call[];

beforeAll(async () => {
  backend = await startBackend();
  const tenancy = createTenancy(backend);
  owner = await tenancy.settle();
  const now = new Date();
  const workspaces: string[] = [];
  for (let n = 0; n < places; n += 1) workspaces.push(await tenancy.found(owner));
  const vms = workspaces.map((workspace_id) => vmRecord({ id: uuidv7(), workspace_id, status: 'running' }));
  for (const vm of vms) await backend.table.write({ put: toVmItem(vm) });
  running = String(vms.at(-1)?.id);
  last = String(workspaces.at(-1));
  const gone = vmRecord({ id: uuidv7(), workspace_id: String(workspaces[3]), deleted_at: now.toISOString() });
  deleted = gone.id;
  await backend.table.write({ put: toDeletedVmItem({ ...gone, status: 'deleted' }, now) });

  const client = createTableClient({ ...backend.client, requestHandler: patient });
  let clock = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      const call: Call = { began: ++clock, ended: Number.POSITIVE_INFINITY };
      calls.push(call);
      try {
        return await next(args);
      } finally {
        call.ended = ++clock;
      }
    },
    { step: 'initialize' },
  );
  http = createComputeHttp({ table: createTable({ client, tableName: backend.tableName, now: () => 0 }) });
  await ask(`/vms/${running}`);
}, 60_000);
afterAll(() => backend?.stop());

async function ask(path: string) {
  calls = [];
  const answer = await http('GET', path, { token: owner.token });
  return { status: answer.status, waves: countWaves(calls), calls: calls.length, trips: spentOf(answer).trips };
}

describe('the waves of calls', () => {
  it('are counted by who waits for whom', () => {
    const spans = (...pairs: [number, number][]) => pairs.map(([began, ended]) => ({ began, ended }));
    expect(countWaves(spans([1, 4], [2, 3], [5, 6]))).toBe(2);
    expect(countWaves(spans([1, 2], [3, 4], [5, 6]))).toBe(3);
    expect(countWaves(spans([1, 6], [2, 3], [4, 5]))).toBe(1);
  });
});

describe('of a caller in 20 workspaces', () => {
  it('a list of VMs waits for the table three times, however many workspaces it reads', async () => {
    expect(await ask('/vms')).toEqual({ status: 200, waves: 3, calls: places + 2, trips: places + 2 });
  });

  it.each([
    ['is there', () => running, 200],
    ['was deleted', () => deleted, 200],
    ['nobody knows', randomUUID, 404],
  ] as const)('a VM that %s is read in three trips', async (_, id, status) => {
    expect(await ask(`/vms/${id()}`)).toEqual({ status, waves: 3, calls: 3, trips: 3 });
  });

  it('the history of a VM waits three times, and once more while it has none', async () => {
    expect(await ask(`/vms/${running}/events`)).toEqual({ status: 200, waves: 4, calls: 4, trips: 4 });
    const step = {
      action: 'stop',
      step: 'stop',
      request_id: null,
      outcome: 'succeeded',
      took_ms: 1,
      reason: null,
    } as const;
    const event = { id: uuidv7(), at: new Date().toISOString(), ...step };
    await backend.table.write({ put: toEventItem({ id: running, workspace_id: last }, event) });
    expect(await ask(`/vms/${running}/events`)).toEqual({ status: 200, waves: 3, calls: 3, trips: 3 });
  });
});
