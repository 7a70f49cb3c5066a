import { ProviderError } from '../../../functions/compute/domain/provider-error.ts';
import type {
  Connect,
  Machine,
  MachineSpec,
  MachineState,
  Provider,
  TaggedMachine,
} from '../../../functions/compute/providers/provider.ts';

type Method = keyof Provider;

/** What a call meets: an error before it does anything, or after it has done it. */
export interface CloudFault {
  on: Method;
  when: 'before' | 'after';
  error: Error;
}

export interface FakeMachine extends Machine {
  vmId: string;
  spec: MachineSpec;
  /** The account that it is in. */
  account: string;
  /** States that it goes through by itself, one a look. */
  ahead: MachineState[];
  /** How often it was restarted. */
  restarts: number;
  /** What it is called. */
  tags: Record<string, string>;
}

export interface FakeCloud {
  connect: Connect;
  /** The account that the credential is of, which alone its machines are in. */
  account: string;
  /** Every machine ever made, by its id. */
  machines: Map<string, FakeMachine>;
  /** Those that cost money. */
  alive(vmId?: string): FakeMachine[];
  /** Each fires once, on the next call of its method. */
  plan(...faults: CloudFault[]): void;
  pending(): number;
  /** Drops what was planned and has not fired. */
  clear(): void;
  calls: Map<Method, number>;
  /** A machine goes through these states before it is on. */
  boot: MachineState[];
  /** Calls for which a new machine is unknown to all but `launch`. */
  unseenFor: number;
  /** Machines that a list leaves out, though they are there. */
  hidden: Set<string>;
  /** Machines a page of a list. */
  pageSize: number;
  /** Runs after a machine is made and before its launch is answered. */
  duringLaunch: () => Promise<void>;
  /** Runs after a call to set tags has begun and before it is done. */
  duringTags: () => Promise<void>;
}

const isDead = (state: MachineState) => state === 'gone' || state === 'dying';

/** A provider in memory, as the contract of providers has it, that fails when it is told to. */
export function createFakeCloud(): FakeCloud {
  const machines = new Map<string, FakeMachine>();
  const tokens = new Map<string, string>();
  const unseen = new Map<string, number>();
  const faults: CloudFault[] = [];
  const calls: FakeCloud['calls'] = new Map();
  const cloud: FakeCloud = {
    connect: () => provider,
    account: '111122223333',
    machines,
    alive: (vmId) =>
      [...machines.values()].filter((machine) => !isDead(machine.state) && (vmId ?? machine.vmId) === machine.vmId),
    plan: (...planned) => void faults.push(...planned),
    pending: () => faults.length,
    clear: () => void faults.splice(0),
    calls,
    boot: ['booting'],
    unseenFor: 0,
    hidden: new Set(),
    pageSize: 1_000,
    duringLaunch: async () => undefined,
    duringTags: async () => undefined,
  };

  /** True where the provider does not know the machine yet. */
  function isUnseen(id: string): boolean {
    const left = unseen.get(id) ?? 0;
    unseen.set(id, left - 1);
    return left > 0;
  }

  /** By the credential as it is. */
  const known = (id: string) => {
    const machine = machines.get(id);
    return machine?.account === cloud.account ? machine : undefined;
  };

  function look(id: string): FakeMachine | undefined {
    const machine = known(id);
    if (machine === undefined || isUnseen(id)) return undefined;
    const next = machine.ahead.shift();
    // What is gone stays so, whatever it was on its way to.
    if (next !== undefined && machine.state !== 'gone') machine.state = next;
    return { ...machine };
  }

  function seen(id: string): FakeMachine {
    const machine = known(id);
    if (machine === undefined || isUnseen(id)) throw new ProviderError('MachineGone', 'there is none');
    return machine;
  }

  function make(spec: MachineSpec): FakeMachine {
    if (spec.imageId === 'missing') throw new ProviderError('ImageNotFound', 'there is no such image');
    const id = `i-${machines.size + 1}`;
    const [state = 'on', ...ahead] = [...cloud.boot, 'on' as const];
    const address = { publicIp: '203.0.113.9', privateIp: '10.0.0.9', reason: null };
    const kept = { ...spec, ...(spec.userData && { userData: Uint8Array.from(spec.userData) }) };
    const rest = {
      account: cloud.account,
      instanceType: spec.instanceType,
      restarts: 0,
      tags: { Name: spec.name, ...spec.tags },
    };
    const machine: FakeMachine = { id, vmId: spec.vmId, spec: kept, state, ahead, ...address, ...rest };
    machines.set(id, machine);
    tokens.set(spec.token, id);
    unseen.set(id, cloud.unseenFor);
    return machine;
  }

  const working: Provider = {
    account: async () => cloud.account,
    defaultImage: async (instanceType) => `image-of-${instanceType}`,
    async launch(spec) {
      const known = machines.get(tokens.get(spec.token) ?? '');
      if (known !== undefined && isDead(known.state))
        throw new ProviderError('LaunchSpent', 'the machine of this token is dead');
      const machine = known ?? make(spec);
      await cloud.duringLaunch();
      return { ...machine };
    },
    describe: async (id) => look(id),
    async *list(workspaceId) {
      const mine = [...machines.values()].filter(({ spec }) => spec.workspaceId === workspaceId);
      const shown = mine.flatMap(({ id, vmId }) => {
        const machine = cloud.hidden.has(id) ? undefined : look(id);
        return machine === undefined ? [] : [{ ...machine, vmId, createdAt: null }];
      });
      for (let at = 0; at < Math.max(1, shown.length); at += cloud.pageSize) yield shown.slice(at, at + cloud.pageSize);
    },
    find: async (vmId) => cloud.alive(vmId).filter(({ id }) => known(id) !== undefined && !isUnseen(id)),
    async start(id) {
      const machine = seen(id);
      if (isDead(machine.state) || machine.state === 'halting')
        throw new ProviderError('MachineBusy', `it is ${machine.state}`);
      if (machine.state === 'off') Object.assign(machine, { state: 'booting', ahead: ['on'] });
    },
    async stop(id) {
      const machine = seen(id);
      if (isDead(machine.state) || machine.state === 'booting')
        throw new ProviderError('MachineBusy', `it is ${machine.state}`);
      if (machine.state === 'on') Object.assign(machine, { state: 'halting', ahead: ['off'] });
    },
    async restart(id) {
      const machine = seen(id);
      if (machine.state !== 'on') throw new ProviderError('MachineBusy', `it is ${machine.state}`);
      machine.restarts += 1;
    },
    async setInstanceType(id, instanceType) {
      const machine = seen(id);
      if (machine.state !== 'off') throw new ProviderError('MachineBusy', `it is ${machine.state}`);
      if (instanceType === 'unfit') throw new ProviderError('ProviderRefused', 'the type does not fit the machine');
      machine.instanceType = instanceType;
    },
    async setTags(id, { name, tags, gone }) {
      await cloud.duringTags();
      const machine = seen(id);
      if (isDead(machine.state)) throw new ProviderError('MachineGone', 'it is dead');
      for (const key of gone) delete machine.tags[key];
      Object.assign(machine.tags, { Name: name }, tags);
    },
    async terminate(id) {
      const machine = seen(id);
      if (!isDead(machine.state)) Object.assign(machine, { state: 'dying', ahead: ['gone'] });
    },
  };

  /** Counts the call, and fails it before or after its effect if that was planned. */
  const faulty =
    <Arguments extends unknown[], Result>(on: Method, work: (...given: Arguments) => Promise<Result>) =>
    async (...given: Arguments): Promise<Result> => {
      calls.set(on, (calls.get(on) ?? 0) + 1);
      const at = faults.findIndex((fault) => fault.on === on);
      const fault = at < 0 ? undefined : faults.splice(at, 1)[0];
      if (fault?.when === 'before') throw fault.error;
      const result = await work(...given);
      if (fault !== undefined) throw fault.error;
      return result;
    };

  /** As `faulty`, at the first page (`before`) or after the last one (`after`). */
  async function* faultyList(workspaceId: string): AsyncGenerator<TaggedMachine[]> {
    const begin = faulty('list', async () => working.list(workspaceId));
    const at = faults.findIndex(({ on }) => on === 'list');
    const late = faults[at]?.when === 'after' ? faults.splice(at, 1)[0] : undefined;
    yield* await begin();
    if (late !== undefined) throw late.error;
  }

  const provider: Provider = {
    list: faultyList,
    account: faulty('account', working.account),
    defaultImage: faulty('defaultImage', working.defaultImage),
    launch: faulty('launch', working.launch),
    describe: faulty('describe', working.describe),
    find: faulty('find', working.find),
    start: faulty('start', working.start),
    stop: faulty('stop', working.stop),
    restart: faulty('restart', working.restart),
    setInstanceType: faulty('setInstanceType', working.setInstanceType),
    setTags: faulty('setTags', working.setTags),
    terminate: faulty('terminate', working.terminate),
  };
  return cloud;
}
