import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vmKey } from '../../../functions/compute/store/vm-keys.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { execute } from './engine.ts';
import { expectDeletable, makeWorld, run } from './world.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(() => backend?.stop());

describe('a credential that is of another account by now', () => {
  const reason = 'CREDENTIAL_REJECTED: the credential is of another account than the machine';

  it.each(['stop', 'start', 'restart', 'delete'] as const)(
    'ends a %s in an error, and no machine is gone',
    async (work) => {
      const world = await makeWorld(backend.table);
      const input = await world.prepare(work);
      const { account } = world.cloud;
      world.cloud.account = '444455556666';
      await run(world, input);
      expect(await world.vm(input.vm_id)).toMatchObject({ status: 'error', status_reason: reason });
      expect(world.cloud.alive()).toHaveLength(1);
      world.cloud.account = account;
      await expectDeletable(world, input.vm_id);
    },
  );

  it('is noticed as the end of a machine is awaited, too', async () => {
    const world = await makeWorld(backend.table);
    const input = await world.prepare('delete');
    await execute(input, async (task) => {
      const answer = await world.runStep(task.step, task.run);
      if (task.step === 'terminate') world.cloud.account = '444455556666';
      return answer;
    });
    expect(await world.vm(input.vm_id)).toMatchObject({ status: 'error', status_reason: reason });
  });

  it('is not told apart for a VM whose account was not noted', async () => {
    const world = await makeWorld(backend.table);
    const { id } = await world.rest('running');
    const { pk, sk } = vmKey(world.workspaceId, id);
    await world.table.write({ update: { pk, sk }, change: { text: 'REMOVE #account' } });
    world.cloud.account = '444455556666';
    await run(world, await world.ask('delete', id));
    expect((await world.vm(id))?.status).toBe('deleted');
  });

  it('is that of a machine that a launch has made since, and off the record with it', async () => {
    const world = await makeWorld(backend.table);
    world.cloud.account = '444455556666';
    const input = await world.create();
    await run(world, input);
    expect((await world.vm(input.vm_id))?.account).toBe('444455556666');
    world.cloud.boot = ['booting', 'gone'];
    const undone = await world.create();
    await run(world, undone);
    expect(await world.vm(undone.vm_id)).toMatchObject({ status: 'error', instance_id: null, account: null });
  });
});
