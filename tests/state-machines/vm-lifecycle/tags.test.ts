import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError, type ProviderErrorName } from '../../../functions/compute/domain/provider-error.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { execute } from './engine.ts';
import { faultKinds, withFaults } from './step-faults.ts';
import { makeWorld, type RunInput, requestId, type TagInput, type World } from './world.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(() => backend?.stop());

let world: World;
let vmId: string;

const perform = ({ step, run }: { step: string; run: object }) => world.runStep(step, run);
const run = (input: RunInput | TagInput | undefined) => (input === undefined ? undefined : execute(input, perform));
const onMachine = () => world.cloud.alive()[0]?.tags;
const isTold = async () => {
  const vm = await world.vm(vmId);
  return [vm?.tags_told === vm?.tags_version, vm?.tags_gone];
};

beforeEach(async () => {
  world = await makeWorld(backend.table);
  const input = await world.create({ tags: { team: 'a', env: 'test' } });
  vmId = input.vm_id;
  await run(input);
});

const failure = (name: ProviderErrorName) => new ProviderError(name, name);
const lasting = (count: number) =>
  Array.from(
    { length: count },
    () => ({ on: 'setTags', when: 'before', error: failure('ProviderThrottled') }) as const,
  );

describe('new tags', () => {
  it('are told to the provider: those that go are taken off, those of others stay', async () => {
    Object.assign(onMachine() ?? {}, { billing: 'theirs' });
    const outcome = await run(await world.change(vmId, { name: 'web-2', tags: { team: 'b' } }));
    expect(outcome?.tasks.map(({ state }) => state)).toEqual(['Tag']);
    expect(onMachine()).toEqual({ Name: 'web-2', team: 'b', billing: 'theirs' });
    expect(await isTold()).toEqual([true, []]);
    expect((await world.events(vmId)).at(-1)).toMatchObject({ action: 'tag', step: 'tag', outcome: 'succeeded' });
  });

  it('and all else that is done for a call are found by it', async () => {
    await run(await world.ask('stop', vmId));
    await run(await world.change(vmId, { tags: {} }));
    const names = ['launch', 'await-running', 'record-running', 'stop', 'await-stopped', 'record-stopped', 'tag'];
    expect(world.traced.map(({ name }) => name)).toEqual(names.map((name) => `vm-lifecycle ${name}`));
    expect(new Set(world.traced.map(({ annotations }) => annotations['request_id']))).toEqual(new Set([requestId]));
    expect(new Set((await world.events(vmId)).map((row) => row['request_id']))).toEqual(new Set([requestId]));
  });

  it('that the provider does not take are told again when the VM has come to rest again', async () => {
    const rejected = { on: 'setTags', when: 'before', error: failure('CredentialRejected') } as const;
    world.cloud.plan(rejected);
    const outcome = await run(await world.change(vmId, { tags: { team: 'b' } }));
    expect([outcome?.status, world.cloud.pending(), (await isTold())[0]]).toEqual(['succeeded', 0, false]);
    expect(onMachine()).toMatchObject({ team: 'a' });
    expect((await world.events(vmId)).at(-1)).toMatchObject({ outcome: 'failed', reason: expect.any(String) });
    await run(await world.ask('stop', vmId));
    await run(await world.toldAtRest(vmId));
    expect([onMachine(), await isTold()]).toEqual([{ Name: 'web-1', team: 'b' }, [true, []]]);
  });

  it('of a busy VM are told when it is at rest', async () => {
    const stopping = await world.ask('stop', vmId);
    expect(await world.change(vmId, { tags: {} })).toBeUndefined();
    await run(stopping);
    await run(await world.toldAtRest(vmId));
    expect([onMachine(), await isTold()]).toEqual([{ Name: 'web-1' }, [true, []]]);
  });

  it('that change while they are told end as they were set last, whoever tells them last', async () => {
    const first = await world.change(vmId, { tags: { team: 'b', extra: 'x' } });
    let second: TagInput | undefined;
    world.cloud.duringTags = async () => {
      world.cloud.duringTags = async () => undefined;
      second = await world.change(vmId, { tags: { team: 'c' } });
      // The later workflow overtakes the earlier, which has not reached the provider yet.
      await run(second);
    };
    await run(first);
    expect(second).toBeDefined();
    expect([onMachine(), await isTold()]).toEqual([{ Name: 'web-1', team: 'c' }, [true, []]]);
  });

  it('of a VM that is deleted meanwhile are nobody’s business', async () => {
    const input = await world.change(vmId, { tags: {} });
    await run(await world.ask('delete', vmId));
    expect((await run(input))?.status).toBe('succeeded');
    expect((await world.vm(vmId))?.status).toBe('deleted');
  });
});

describe('a telling of tags', () => {
  it.each(faultKinds)('that %s leaves them told, or due', async (kind) => {
    const input = await world.change(vmId, { tags: { team: 'b' } });
    const { faulty, fired } = withFaults([{ state: 'Tag', kind }], perform);
    if (input !== undefined) await execute(input, faulty);
    expect([...fired.keys()]).toEqual(['Tag']);
    const isDone = kind.includes('after') || kind.endsWith('once') || kind === 'runs twice';
    expect((await isTold())[0]).toBe(isDone);
    expect(onMachine()).toMatchObject({ team: isDone ? 'b' : 'a' });
    await run(await world.ask('stop', vmId));
    await run(await world.toldAtRest(vmId));
    expect([onMachine(), await isTold()]).toEqual([{ Name: 'web-1', team: 'b' }, [true, []]]);
  });

  it('is tried again while the provider is throttling', async () => {
    world.cloud.plan(...lasting(3));
    await run(await world.change(vmId, { tags: { team: 'b' } }));
    expect([onMachine(), world.cloud.pending()]).toEqual([{ Name: 'web-1', team: 'b' }, 0]);
  });
});
