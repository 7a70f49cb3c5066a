/**
 * How a machine is, in one vocabulary for all providers. `booting`, `halting` and `dying` end by themselves in `on`, `off` and `gone`;
 * `unknown` is a word of the provider's that is not known here.
 */
export type MachineState = 'booting' | 'on' | 'halting' | 'off' | 'dying' | 'gone' | 'unknown';

export interface Machine {
  /** The provider's own id. */
  id: string;
  state: MachineState;
  publicIp: string | null;
  privateIp: string | null;
  /** Null where the provider does not say. */
  instanceType: string | null;
  /** Why it is not on, where the provider says. */
  reason: string | null;
}

/** A machine as its launch answers it. */
export interface Launched extends Machine {
  /** The account that it was made in, as `account()` has it; null where the provider does not say. */
  account: string | null;
}

/** It does not come back, and costs nothing. */
export const isDead = ({ state }: Pick<Machine, 'state'>): boolean => state === 'gone' || state === 'dying';

/** A machine that carries our id. */
export interface TaggedMachine extends Machine {
  vmId: string;
  /** As the provider has it, ISO 8601; null where it does not say. */
  createdAt: string | null;
}

export interface MachineSpec {
  vmId: string;
  workspaceId: string;
  /** At most 64 characters of ASCII. The same token and spec make the same machine once, however often they are sent. */
  token: string;
  name: string;
  instanceType: string;
  imageId: string;
  keyPair: string | null;
  tags: Readonly<Record<string, string>>;
  /** What it runs on its first boot, at most 16 KB; it may hold secrets. */
  userData?: Uint8Array;
}

/** What a machine is called. `gone` are keys that it may still carry and shall not. */
export interface MachineTags {
  name: string;
  tags: Readonly<Record<string, string>>;
  gone: readonly string[];
}

/**
 * A cloud, with one workspace's credential, in one region. Every method throws ProviderError for what the cloud says no to, and may be
 * called again after any failure.
 */
export interface Provider {
  /** The account that the credential is of, at the provider; null where it has no such thing. */
  account(): Promise<string | null>;
  /** The current Linux image for an instance type. */
  defaultImage(instanceType: string): Promise<string>;
  /**
   * Makes the machine of this token, or answers the one that an earlier call made. LaunchSpent when that one is dead: a new token is
   * wanted.
   */
  launch(spec: MachineSpec): Promise<Launched>;
  /** Undefined: the provider knows none of this id, no longer or not yet. */
  describe(id: string): Promise<Machine | undefined>;
  /** The machines that carry our id and are not dead; a new one may take seconds to show. */
  find(vmId: string): Promise<Machine[]>;
  /** Every machine that carries this workspace's id, dead ones too for as long as the provider shows them; a page at a time. */
  list(workspaceId: string): AsyncIterable<TaggedMachine[]>;
  /** The machine goes on (off) if it was off (on). MachineBusy while it is on its way somewhere, MachineGone when there is none. */
  start(id: string): Promise<void>;
  stop(id: string): Promise<void>;
  /** A machine that is on boots anew; it keeps its addresses and is shown as on all the while. MachineBusy unless it is on. */
  restart(id: string): Promise<void>;
  /** Of a machine that is off; holds from its next start. MachineBusy unless it is off, ProviderRefused of a type that it can't have. */
  setInstanceType(id: string, instanceType: string): Promise<void>;
  /** Its name and tags are these; what others put there stays, and so do our own tags. MachineGone when there is none. */
  setTags(id: string, tags: MachineTags): Promise<void>;
  /** Done as well when it is dead; MachineGone when the provider knows none of this id, no longer or not yet. */
  terminate(id: string): Promise<void>;
}

export interface Connection {
  region: string;
  /** The workspace's own secret, in the shape that its provider's credentials have. */
  secret: unknown;
}

/** Throws CredentialRejected for a secret that is not one of this provider's. It never uses rights of ours instead. */
export type Connect = (connection: Connection) => Provider;
