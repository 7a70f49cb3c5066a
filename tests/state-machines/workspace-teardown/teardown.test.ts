import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Write } from '../../../functions/platform/table/types.ts';
import { readStepInput } from '../../../functions/workspaces/steps/read-step-input.ts';
import type { StepInput } from '../../../functions/workspaces/steps/step.ts';
import { crashingTable } from '../../integration/reconcile/crashing-table.ts';
import { beforeItWrites } from '../../integration/workspaces/meanwhile.ts';
import { createTenancy, type Tenancy } from '../../integration/workspaces/tenancy.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { rounds } from '../../support/sizes.ts';
import { Killed, type Task, taskStatesOf } from '../../support/step-functions.ts';
import { createSteps, type Doomed, definition, execute, foundWithVms, inputOf } from './world.ts';

let backend: Backend;
let tenancy: Tenancy;
beforeAll(async () => {
  backend = await startBackend();
  tenancy = createTenancy(backend);
}, 60_000);
afterAll(() => backend?.stop());

const force = ({ id, owner }: Doomed) => tenancy.http('DELETE', `/workspaces/${id}?force=true`, { token: owner.token });

/** Of the calls that its function makes, those at which it dies, here: at full size each. */
const everyCall = rounds(7, 1);

const asksTeardown = (write: Write) => 'put' in write && write.put['teardown'] !== undefined;

const asInput = ({ step, run }: Task) => ({ step, run }) as StepInput;

async function expectGone({ id, owner, second }: Doomed) {
  const rows = await tenancy.rowsOf(id);
  // Traces of deleted VMs stay for a day.
  expect(rows.filter(({ sk }) => !sk.startsWith('DELETEDVM#'))).toEqual([]);
  for (const person of [owner, second]) {
    const { ws, owned } = await tenancy.principalOf(person);
    expect(Object.keys(ws as object)).not.toContain(id);
    expect(owned).toBe(0);
  }
}

describe('deleting a workspace with VMs', () => {
  it('is CONFLICT with what stands in the way, and by force closes it at once', async () => {
    const doomed = await foundWithVms(tenancy);
    const refused = await tenancy.http('DELETE', `/workspaces/${doomed.id}`, { token: doomed.owner.token });
    expect([refused.status, refused.body.data]).toEqual([409, { blocking: { vms: 4 } }]);
    const asked = await force(doomed);
    expect([asked.status, asked.body.message, asked.body.data]).toEqual([202, 'workspace deletion started', undefined]);
    const { body } = await tenancy.http('GET', `/workspaces/${doomed.id}`, { token: doomed.owner.token });
    expect(body.data).toMatchObject({
      is_active: false,
      name: 'doomed',
      deletion: { state: 'in_progress', reason: null, requested_at: body.data.updated_at },
    });
    expect(Object.keys(body.data)).not.toContain('teardown');
    const reopened = await tenancy.http('PUT', `/workspaces/${doomed.id}`, {
      token: doomed.owner.token,
      body: { is_active: true },
    });
    expect(reopened.body.code).toBe('CONFLICT');
    // Asked again while its workflow is on its way: the same answer, and no other workflow.
    const before = await inputOf(tenancy, doomed.id);
    expect((await force(doomed)).status).toBe(202);
    expect(await inputOf(tenancy, doomed.id)).toEqual(before);
  });

  it('by force again begins another workflow, once the one before must be over, whatever has become of it', async () => {
    const doomed = await foundWithVms(tenancy);
    await force(doomed);
    const lost = await inputOf(tenancy, doomed.id);
    const age = (minutes: number) =>
      tenancy.table.write({
        update: { pk: `WS#${doomed.id}`, sk: 'WS' },
        change: {
          text: 'SET #teardown.#asked_at = :asked_at',
          values: { asked_at: new Date(Date.now() - minutes * 60_000).toISOString() },
        },
      });
    const deletion = async () =>
      (await tenancy.http('GET', `/workspaces/${doomed.id}`, { token: doomed.owner.token })).body.data.deletion;
    await age(69);
    expect((await force(doomed)).status).toBe(202);
    expect([await inputOf(tenancy, doomed.id), (await deletion()).state]).toEqual([lost, 'in_progress']);
    await age(71);
    expect(await deletion()).toMatchObject({ state: 'failed', reason: 'TIMED_OUT' });
    expect((await force(doomed)).status).toBe(202);
    const again = await inputOf(tenancy, doomed.id);
    expect(again.version).toBeGreaterThan(lost.version);
    expect(await deletion()).toMatchObject({ state: 'in_progress' });
    // The first one comes late after all: it leaves the workspace to the second.
    const perform = createSteps(tenancy, doomed.id);
    await execute(lost, (task) => perform(asInput(task)));
    expect(await inputOf(tenancy, doomed.id)).toEqual(again);
    await execute(again, (task) => perform(asInput(task)));
    await expectGone(doomed);
  });

  it('by force is answered the same to all who ask at once, and begins one workflow', async () => {
    const doomed = await foundWithVms(tenancy);
    const meanwhile = beforeItWrites(tenancy.table, () => force(doomed), asksTeardown);
    const other = createTenancy(backend, { table: meanwhile });
    const path = `/workspaces/${doomed.id}?force=true`;
    const answer = await other.http('DELETE', path, { token: doomed.second.token });
    expect([answer.status, answer.body.message]).toEqual([202, 'workspace deletion started']);
    const item = await tenancy.table.get({ pk: `WS#${doomed.id}`, sk: 'WS' });
    expect(item?.['teardown']).toMatchObject({ asked_by: doomed.owner.id, run: item?.['version'] });
  });

  it('by force, of the version that somebody saw, is refused where that has changed meanwhile', async () => {
    const doomed = await foundWithVms(tenancy);
    const { token } = doomed.owner;
    const rename = () => tenancy.http('PUT', `/workspaces/${doomed.id}`, { token, body: { name: 'renamed' } });
    const other = createTenancy(backend, { table: beforeItWrites(tenancy.table, rename, asksTeardown) });
    const [path, headers] = [`/workspaces/${doomed.id}?force=true`, { 'if-match': '"1"' }];
    const answer = await other.http('DELETE', path, { token, headers });
    expect([answer.status, answer.body.data]).toEqual([409, { version: 2 }]);
    expect((await force(doomed)).status).toBe(202);
  });

  it('by force is for owners alone', async () => {
    const { id, owner } = await foundWithVms(tenancy);
    const admin = await tenancy.settle();
    await tenancy.join(id, admin, 'admin', owner);
    const answer = await tenancy.http('DELETE', `/workspaces/${id}?force=true`, { token: admin.token });
    expect(answer.body.code).toBe('FORBIDDEN');
  });

  it('of none that holds anything takes no workflow', async () => {
    const owner = await tenancy.settle();
    const id = await tenancy.found(owner);
    const answer = await tenancy.http('DELETE', `/workspaces/${id}?force=true`, { token: owner.token });
    expect([answer.status, answer.body.message]).toEqual([200, 'workspace deleted']);
  });
});

describe('workspace-teardown', () => {
  it('deletes the VMs, busy ones once they are free, then the workspace, in 2 states', async () => {
    const doomed = await foundWithVms(tenancy);
    await force(doomed);
    const perform = createSteps(tenancy, doomed.id);
    const outcome = await execute(await inputOf(tenancy, doomed.id), (task) => perform(asInput(task)));
    expect(outcome).toMatchObject({ status: 'succeeded', transitions: 2 });
    await expectGone(doomed);
  });

  it('gives up on a VM that can not be deleted, says which and why, and goes on when it is forced again', async () => {
    const doomed = await foundWithVms(tenancy);
    await force(doomed);
    const stubborn = doomed.vmIds[1];
    const refusing = createSteps(tenancy, doomed.id, { refuses: (id) => id === stubborn });
    const first = await inputOf(tenancy, doomed.id);
    const outcome = await execute(first, (task) => refusing(asInput(task)));
    expect(outcome.tasks.map(({ step }) => step)).toEqual(['empty', 'record-failure']);
    const item = await tenancy.table.get({ pk: `WS#${doomed.id}`, sk: 'WS' });
    expect(item).toMatchObject({
      is_active: false,
      teardown: { state: 'failed', asked_by: doomed.owner.id, reason: 'cannot delete web-1: CREDENTIAL_REJECTED' },
    });
    expect((await force(doomed)).status).toBe(202);
    const again = await inputOf(tenancy, doomed.id);
    expect(again.version).toBeGreaterThan(first.version);
    const perform = createSteps(tenancy, doomed.id);
    await execute(again, (task) => perform(asInput(task)));
    await expectGone(doomed);
  });

  it('that was stopped is on record as failed', async () => {
    const doomed = await foundWithVms(tenancy);
    await force(doomed);
    const input = await inputOf(tenancy, doomed.id);
    const news = { source: 'aws.states', detail: { status: 'TIMED_OUT', input: JSON.stringify(input) } };
    await createSteps(tenancy, doomed.id)(readStepInput(news));
    const item = await tenancy.table.get({ pk: `WS#${doomed.id}`, sk: 'WS' });
    expect(item?.['teardown']).toMatchObject({ state: 'failed', reason: 'INTERNAL_ERROR' });
  });

  const kinds = ['before', 'after', 'twice', 'killed before', 'killed after'] as const;
  const steps = taskStatesOf(definition).filter((state) => state !== 'RecordFailure');
  it.each(steps.flatMap((state) => kinds.map((kind) => [state, kind] as const)))(
    'ends with the workspace gone where %s fails %s',
    async (state, kind) => {
      const doomed = await foundWithVms(tenancy);
      await force(doomed);
      const input = await inputOf(tenancy, doomed.id);
      const perform = createSteps(tenancy, doomed.id);
      let fired = 0;
      const faulty = async (task: Task) => {
        if (task.state !== state || fired > 0) return perform(asInput(task));
        fired += 1;
        const failure = () =>
          kind.startsWith('killed') ? new Killed() : Object.assign(new Error('lost'), { name: 'StoreUnavailable' });
        if (kind.endsWith('before')) throw failure();
        await perform(asInput(task));
        if (kind === 'twice') return perform(asInput(task));
        throw failure();
      };
      await execute(input, faulty);
      expect(fired).toBe(1);
      if (kind.startsWith('killed')) {
        // The execution was stopped: its end is told to the function, and somebody forces it again.
        const news = { source: 'aws.states', detail: { status: 'ABORTED', input: JSON.stringify(input) } };
        await perform(readStepInput(news));
        const left = await tenancy.table.get({ pk: `WS#${doomed.id}`, sk: 'WS' });
        if (left !== undefined) {
          expect((await force(doomed)).status).toBeLessThan(300);
          const after = await tenancy.table.get({ pk: `WS#${doomed.id}`, sk: 'WS' });
          if (after !== undefined) await execute(await inputOf(tenancy, doomed.id), (task) => perform(asInput(task)));
        }
      }
      await expectGone(doomed);
    },
  );

  it('ends with the workspace gone where its function dies at any call of the table', async () => {
    let crashes = 0;
    for (const when of ['before', 'after'] as const) {
      for (let call = 1; ; call += everyCall) {
        const doomed = await foundWithVms(tenancy);
        await force(doomed);
        const { table, state } = crashingTable(tenancy.table, { call, when });
        const [mortal, next] = [createSteps(tenancy, doomed.id, { table }), createSteps(tenancy, doomed.id)];
        const outcome = await execute(await inputOf(tenancy, doomed.id), async (task) => {
          if (state.crashed) return next(asInput(task));
          return mortal(asInput(task)).catch((error: unknown) => {
            throw state.crashed ? Object.assign(new Error('Runtime exited'), { name: 'Lambda.Unknown' }) : error;
          });
        });
        expect(outcome.status).toBe('succeeded');
        await expectGone(doomed);
        if (!state.crashed) break;
        crashes += 1;
      }
    }
    expect(crashes).toBeGreaterThanOrEqual(rounds(4, 20));
  }, 300_000);
});
