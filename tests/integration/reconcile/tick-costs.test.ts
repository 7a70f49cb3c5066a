import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createReconcileHandler } from '../../../functions/compute/reconcile/handle-reconcile.ts';
import type { ReconcileMessage } from '../../../functions/compute/reconcile/messages.ts';
import { openOnce } from '../../../functions/compute/reconcile/open-once.ts';
import { connectVm } from '../../../functions/compute/steps/connect-vm.ts';
import { holdings } from '../../../functions/compute/store/holdings.ts';
import { createLifecycleStore } from '../../../functions/compute/store/lifecycle-store.ts';
import { createObservingStore } from '../../../functions/compute/store/observing-store.ts';
import { createOrphanStore } from '../../../functions/compute/store/orphan-store.ts';
import { registration } from '../../../functions/compute/store/registry.ts';
import { toVmItem } from '../../../functions/compute/store/vm-item.ts';
import { openCredential } from '../../../functions/credentials/open.ts';
import { toItem } from '../../../functions/credentials/store/credential-item.ts';
import { createSealData } from '../../../functions/credentials/store/seal-data.ts';
import { createKmsClient } from '../../../functions/platform/crypto/kms-client.ts';
import { inParallel } from '../../../functions/platform/in-parallel.ts';
import { runMetered } from '../../../functions/platform/meter.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { rounds } from '../../support/sizes.ts';
import { vmRecord } from '../../unit/compute/vm-record.ts';
import { createFakeCloud } from '../compute/fake-cloud.ts';
import { queued } from './tick-world.ts';

const workspaces = rounds(4, 20);
const vmsEach = 50;
const at = '2026-02-01T00:00:00.000Z';
const data = {
  access_key: 'AKIATICKS00000000000',
  secret_key: 'ticksTicksTicksTicksTicksTicks0000000000',
  region: 'eu-west-1',
};

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(() => backend?.stop());

it(`a tick of ${workspaces} workspaces with ${vmsEach} VMs each costs what docs/costs.md says`, async () => {
  const { table, credentialsKeyId: keyId } = backend;
  const cloud = createFakeCloud();
  const kms = createKmsClient(backend.client);
  const seal = createSealData({ kms, keyId });
  for (let nth = 0; nth < workspaces; nth += 1) {
    const [workspace_id, credential_id] = [uuidv7(), uuidv7()];
    const named = {
      id: credential_id,
      workspace_id,
      name: 'aws',
      provider: 'aws',
      is_active: true,
      enabled: true,
      keyless: null,
    } as const;
    const credential = { ...named, version: 1, secret_version: 1, created_at: at, updated_at: at };
    const vms = Array.from({ length: vmsEach }, (_, n) => {
      const id = uuidv7();
      const machine = { id: `i-${nth}-${n}`, publicIp: '203.0.113.9', privateIp: '10.0.0.9', reason: null };
      const spec = { vmId: id, workspaceId: workspace_id, token: id, name: 'web', instanceType: 't3.micro' };
      cloud.machines.set(machine.id, {
        ...machine,
        vmId: id,
        spec: { ...spec, imageId: 'ami', keyPair: null, tags: {} },
        account: cloud.account,
        state: 'on',
        ahead: [],
        instanceType: 't3.micro',
        restarts: 0,
        tags: {},
      });
      const place = { id, workspace_id, credential_id, status: 'running', instance_id: machine.id } as const;
      return vmRecord({ ...place, launched_at: at, public_ip: machine.publicIp, private_ip: machine.privateIp });
    });
    const [first] = vms;
    if (first === undefined) throw new Error('there are no VMs');
    const items = vms.map((vm) => ({ put: toVmItem(vm) }));
    await table.transact([...items, registration(first), { put: toItem(credential, await seal(credential, data)) }]);
  }

  const messages: ReconcileMessage[] = [];
  const open = openCredential({ table, kms, keyId });
  const handle = createReconcileHandler({
    table,
    store: createObservingStore(table),
    orphans: createOrphanStore(table),
    lifecycle: createLifecycleStore(table, holdings),
    connectAnew: () => connectVm(openOnce(open), { aws: cloud.connect }),
    start: async () => undefined,
    send: async (sent) => void messages.push(...sent),
    now: () => new Date(),
    newId: uuidv7,
    logger: { info: () => undefined, error: (message, fields) => expect.unreachable(`${message} ${fields['error']}`) },
  });
  const spent = (work: () => Promise<unknown>) =>
    runMetered(async (meter) => {
      await work();
      return { trips: meter.read('trips'), wcu: meter.read('wcu'), rcu: meter.read('rcu'), kms: meter.read('kms') };
    });
  const planned = await spent(() => handle({}));
  const looked = await spent(() => inParallel(1, messages, (message) => handle(queued([message]))));
  expect(messages).toHaveLength(workspaces);
  expect(planned).toEqual({ trips: 1, wcu: 0, rcu: 0.5, kms: 0 });
  const each = { trips: 3, wcu: 1, rcu: 10, kms: 1 };
  expect(looked).toEqual({
    trips: each.trips * workspaces,
    wcu: each.wcu * workspaces,
    rcu: each.rcu * workspaces,
    kms: each.kms * workspaces,
  });
  expect(Object.fromEntries(cloud.calls)).toEqual({ list: workspaces });

  const look = () => spent(() => handle(queued(messages.slice(0, 1))));
  const [stopped, moved] = [...cloud.machines.values()].filter(({ id }) => id.startsWith('i-0-'));
  if (stopped === undefined || moved === undefined) throw new Error('there are no machines');
  stopped.state = 'off';
  expect(await look(), 'a status that is corrected, and its row').toEqual({ ...each, trips: 4, wcu: each.wcu + 4 });
  moved.publicIp = '203.0.113.10';
  expect(await look(), 'an address').toEqual({ ...each, trips: 4, wcu: each.wcu + 1 });

  const key = { pk: `WS#${messages[0]?.workspace_id}`, sk: `VM#${moved.vmId}` };
  const change = {
    text: 'SET #status = :status, #busy_since = :at',
    values: { status: 'stopping', at: new Date().toISOString() },
  };
  await table.write({ update: key, change });
  messages.splice(1);
  expect(await look(), 'a busy VM').toEqual(each);
  const recall = messages.slice(-1);
  expect(recall).toMatchObject([{ vm_id: moved.vmId }]);
  expect(await spent(() => handle(queued(recall)))).toEqual({ trips: 1, wcu: 0, rcu: 1, kms: 0 });
});
