import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../functions/compute/domain/provider-error.ts';
import type { Machine, MachineSpec, Provider } from '../../../functions/compute/providers/provider.ts';

/** What a call of the provider meets once: no answer after its effect, or a refusal without one. */
export type ContractFault = 'answer lost' | 'throttled' | 'credential rejected' | 'no capacity';

export interface ContractSubject {
  provider(): Provider;
  imageId: string;
  instanceType: string;
  /** Another, which the same image runs on. */
  otherType: string;
  missingImageId: string;
  missingMachineId: string;
  /** The next launch meets it. */
  failNextLaunch(fault: ContractFault): void;
  /** Faults that were asked for and have not fired. */
  pendingFaults(): number;
  /** How many machines carry our id and are not dead, asked of the cloud past the provider. */
  countAlive(vmId: string): Promise<number>;
  /** As the cloud has them, asked past the provider. */
  tagsOf(id: string): Promise<Record<string, string>>;
}

const specFor = ({ imageId, instanceType }: ContractSubject, given: Partial<MachineSpec> = {}): MachineSpec => {
  const vmId = uuidv7();
  return {
    vmId,
    workspaceId: uuidv7(),
    token: `${vmId}.1`,
    name: 'contract',
    instanceType,
    imageId,
    keyPair: null,
    tags: { team: 'a b' },
    ...given,
  };
};

const failureOf = async (work: Promise<unknown>): Promise<ProviderError> => {
  const error = await work.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof ProviderError) return error;
  throw error;
};

/** Looks until the machine is so, as a step does. */
async function awaitState(provider: Provider, id: string, state: Machine['state']): Promise<Machine> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const machine = await provider.describe(id);
    if (machine?.state === state) return machine;
    if (Date.now() > deadline) throw new Error(`the machine is ${machine?.state}, not ${state}`);
  }
}

/** What every provider must do, run on each of them. */
export function providerContract(name: string, subject: () => ContractSubject): void {
  const launched = async (given: Partial<MachineSpec> = {}) => {
    const spec = specFor(subject(), given);
    return { spec, machine: await subject().provider().launch(spec) };
  };

  describe(`${name}, a launch`, () => {
    it('makes a machine that comes on, with an address', async () => {
      const { machine } = await launched();
      const on = await awaitState(subject().provider(), machine.id, 'on');
      expect(on.privateIp).toEqual(expect.any(String));
    });

    it('says in which account it made it: the one that the credential is of', async () => {
      const { spec, machine } = await launched();
      expect(machine.account).toBe(await subject().provider().account());
      const adopted = await subject()
        .provider()
        .launch({ ...spec, tags: { team: 'other' } });
      expect(adopted).toMatchObject({ id: machine.id, account: machine.account });
    });

    it('repeated, by another process too, answers the same machine', async () => {
      const { spec, machine } = await launched();
      const again = await Promise.all(Array.from({ length: 4 }, () => subject().provider().launch(spec)));
      expect(new Set(again.map(({ id }) => id))).toEqual(new Set([machine.id]));
      expect(await subject().countAlive(spec.vmId)).toBe(1);
    });

    it('whose answer is lost may have been done, and is adopted by the repeat', async () => {
      const spec = specFor(subject());
      subject().failNextLaunch('answer lost');
      const lost = await failureOf(subject().provider().launch(spec));
      expect([lost.name, lost.effect, lost.isPassing]).toEqual(['ProviderUnavailable', 'unknown', true]);
      expect(await subject().countAlive(spec.vmId)).toBe(1);
      const { id } = await subject().provider().launch(spec);
      expect(await subject().provider().find(spec.vmId)).toMatchObject([{ id }]);
      expect(await subject().countAlive(spec.vmId)).toBe(1);
      expect(subject().pendingFaults()).toBe(0);
    });

    it('that is refused has made nothing', async () => {
      const refusals = {
        throttled: 'ProviderThrottled',
        'credential rejected': 'CredentialRejected',
        'no capacity': 'CapacityLacking',
      };
      for (const [fault, expected] of Object.entries(refusals)) {
        const spec = specFor(subject());
        subject().failNextLaunch(fault as ContractFault);
        const refused = await failureOf(subject().provider().launch(spec));
        expect([refused.name, refused.effect, refused.isPassing]).toEqual([expected, 'none', fault === 'throttled']);
        expect(await subject().countAlive(spec.vmId)).toBe(0);
      }
      expect(subject().pendingFaults()).toBe(0);
    });

    it('of an image that is not there says so', async () => {
      const spec = specFor(subject(), { imageId: subject().missingImageId });
      expect((await failureOf(subject().provider().launch(spec))).name).toBe('ImageNotFound');
    });

    it('under a token whose machine is dead asks for a new one', async () => {
      const { spec, machine } = await launched();
      await subject().provider().terminate(machine.id);
      await awaitState(subject().provider(), machine.id, 'gone');
      expect((await failureOf(subject().provider().launch(spec))).name).toBe('LaunchSpent');
      const again = await subject()
        .provider()
        .launch({ ...spec, token: `${spec.vmId}.2` });
      expect(again.id).not.toBe(machine.id);
      expect(await subject().countAlive(spec.vmId)).toBe(1);
    });

    it('with other words under a used token adopts what that made', async () => {
      const { spec, machine } = await launched();
      const adopted = await subject()
        .provider()
        .launch({ ...spec, tags: { team: 'other' } });
      expect(adopted.id).toBe(machine.id);
      expect(await subject().countAlive(spec.vmId)).toBe(1);
    });

    it('needs no image of the user’s choice', async () => {
      const imageId = await subject().provider().defaultImage(subject().instanceType);
      const { spec } = await launched({ imageId });
      expect(await subject().countAlive(spec.vmId)).toBe(1);
    });
  });

  describe(`${name}, a machine`, () => {
    it('stops and starts, and doing so twice is doing it once', async () => {
      const { machine } = await launched();
      const provider = subject().provider();
      await awaitState(provider, machine.id, 'on');
      await provider.stop(machine.id);
      await provider.stop(machine.id);
      await awaitState(provider, machine.id, 'off');
      await provider.start(machine.id);
      await provider.start(machine.id);
      await awaitState(provider, machine.id, 'on');
    });

    it('restarts while it is on, and keeps its address', async () => {
      const { machine } = await launched();
      const provider = subject().provider();
      const { privateIp } = await awaitState(provider, machine.id, 'on');
      await provider.restart(machine.id);
      await provider.restart(machine.id);
      expect(await awaitState(provider, machine.id, 'on')).toMatchObject({ privateIp });
    });

    it('becomes another type while it is off', async () => {
      const { machine } = await launched();
      const provider = subject().provider();
      expect((await awaitState(provider, machine.id, 'on')).instanceType).toBe(subject().instanceType);
      const { otherType } = subject();
      await provider.stop(machine.id);
      await awaitState(provider, machine.id, 'off');
      await provider.setInstanceType(machine.id, otherType);
      await provider.setInstanceType(machine.id, otherType);
      await provider.start(machine.id);
      expect((await awaitState(provider, machine.id, 'on')).instanceType).toBe(otherType);
    });

    it('is called as it is told last, and found by our id all the same', async () => {
      const { spec, machine } = await launched();
      const provider = subject().provider();
      await provider.setTags(machine.id, { name: 'second', tags: { team: 'b', more: '' }, gone: [] });
      expect(await subject().tagsOf(machine.id)).toMatchObject({ Name: 'second', team: 'b', more: '' });
      const last = { name: 'third', tags: { more: 'c' }, gone: ['team', 'never'] };
      await provider.setTags(machine.id, last);
      await provider.setTags(machine.id, last);
      const tags = await subject().tagsOf(machine.id);
      expect([tags['Name'], tags['team'], tags['more']]).toEqual(['third', undefined, 'c']);
      expect(await subject().countAlive(spec.vmId)).toBe(1);
      expect((await provider.find(spec.vmId)).map(({ id }) => id)).toEqual([machine.id]);
    });

    it('ends for good, and ending it twice is ending it once', async () => {
      const { spec, machine } = await launched();
      const provider = subject().provider();
      await provider.terminate(machine.id);
      await provider.terminate(machine.id);
      await awaitState(provider, machine.id, 'gone');
      expect(await subject().countAlive(spec.vmId)).toBe(0);
    });

    it('is found by our id as long as it is not dead', async () => {
      const { spec, machine } = await launched();
      await launched();
      expect((await subject().provider().find(spec.vmId)).map(({ id }) => id)).toEqual([machine.id]);
      await subject().provider().terminate(machine.id);
      expect(await subject().provider().find(spec.vmId)).toEqual([]);
      expect(await subject().provider().find(uuidv7())).toEqual([]);
    });

    it('is listed with our id among those of its workspace, dead or alive, and no other’s', async () => {
      const workspaceId = uuidv7();
      const [one, other] = await Promise.all([launched({ workspaceId }), launched({ workspaceId })]);
      await launched();
      await subject().provider().terminate(other.machine.id);
      await awaitState(subject().provider(), other.machine.id, 'gone');
      const listed: Record<string, string> = {};
      for await (const page of subject().provider().list(workspaceId))
        for (const { id, vmId } of page) listed[id] = vmId;
      expect(listed).toEqual({ [one.machine.id]: one.spec.vmId, [other.machine.id]: other.spec.vmId });
      for await (const page of subject().provider().list(uuidv7())) expect(page).toEqual([]);
    });

    it('that is not there is undefined to a look, and gone to whoever would change it', async () => {
      const { missingMachineId: id } = subject();
      expect(await subject().provider().describe(id)).toBeUndefined();
      for (const change of ['start', 'stop', 'restart', 'terminate'] as const) {
        expect((await failureOf(subject().provider()[change](id))).name).toBe('MachineGone');
      }
      const { otherType } = subject();
      expect((await failureOf(subject().provider().setInstanceType(id, otherType))).name).toBe('MachineGone');
      const tags = { name: 'none', tags: {}, gone: [] };
      expect((await failureOf(subject().provider().setTags(id, tags))).name).toBe('MachineGone');
    });
  });
}
