import type * as z from 'zod';
import { type newVm as newVmSchema, type Vm, vmFields } from '../../../contracts/compute/vm.ts';
import type { VmStatus, VmWork } from '../../../contracts/compute/vm-states.ts';
import { type Sized, typeToShow } from './resize.ts';

/**
 * Where the making of its machine stands, beside `instance_id`.
 * - `sent`: the provider may have been asked; only the provider can tell whether there is a machine.
 * - `none`: there is certainly none.
 */
export type Launch = 'none' | 'sent';

export interface VmRecord extends Vm, Sized {
  created_by: string;
  /** The version at which its latest workflow began: what a step of an earlier one does not match. */
  run: number;
  /** What that workflow does. */
  work: VmWork;
  /** Of the call that began it, or that changed the tags since; null where nobody called: a timer did, or a schedule. */
  request_id: string | null;
  launch: Launch;
  /** Counts the machines that were asked for. The provider is told `<id>.<attempt>`, and answers the same machine to the same words. */
  attempt: number;
  /** Its creation has failed and is undone: a launch that comes late must not go on, and a machine that shows is ended. A start takes it back. */
  given_up: boolean;
  /** The account that it was made in, at the provider; null where that was not noted. */
  account: string | null;
  /** When the machine was made: for a while the provider may not know it yet. */
  launched_at: string | null;
  /** Since when its workflow has been at it; null at rest. */
  busy_since: string | null;
  /** When the run of the workspace's schedule was due that last acted on it; null before any. */
  scheduled_for: string | null;
  deleted_at: string | null;
  /** The run whose restart the provider has answered. */
  restarted: number | null;
  /** The version at which name or tags were last changed, and the last such that the provider was told. */
  tags_version: number;
  tags_told: number;
  /** Keys that the machine may still carry and the VM no longer has. */
  tags_gone: string[];
  /** There is user data for its launch, sealed in an item of its own. */
  has_user_data: boolean;
}

/** Hours for which a deleted VM can still be seen. */
export const deletedHours = 24;

/** What anyone may see of it, in the order of the contract. */
export function viewOf(record: VmRecord): Vm {
  const shown: Vm = { ...record, instance_type: typeToShow(record) };
  return Object.fromEntries(vmFields.map((field) => [field, shown[field]])) as Vm;
}

type Asked = z.output<typeof newVmSchema>;

interface NewVm {
  id: string;
  workspaceId: string;
  credentialId: string;
  asked: Asked;
  /** One of several has a name of its own. */
  name?: string;
  vcpus: number;
  callerId: string;
  requestId: string;
  now: Date;
}

export function newVm({
  id,
  workspaceId,
  credentialId,
  asked,
  name,
  vcpus,
  callerId,
  requestId,
  now,
}: NewVm): VmRecord {
  const at = now.toISOString();
  return {
    id,
    workspace_id: workspaceId,
    credential_id: credentialId,
    name: name ?? asked.name,
    provider: asked.provider,
    instance_type: asked.instance_type,
    region: asked.region,
    image_id: asked.image_id ?? null,
    key_pair: asked.key_pair ?? null,
    status: 'pending',
    instance_id: null,
    public_ip: null,
    private_ip: null,
    tags: asked.tags ?? {},
    expires_at: asked.expires_at ?? null,
    estimated_monthly_cost: null,
    status_reason: null,
    observed_at: null,
    version: 1,
    created_at: at,
    updated_at: at,
    created_by: callerId,
    run: 1,
    work: 'create',
    request_id: requestId,
    launch: 'none',
    attempt: 0,
    given_up: false,
    account: null,
    launched_at: null,
    busy_since: at,
    scheduled_for: null,
    deleted_at: null,
    vcpus,
    resize_to: null,
    restarted: null,
    tags_version: 1,
    tags_told: 1,
    tags_gone: [],
    has_user_data: asked.user_data !== undefined,
  };
}

/** Whether the provider must be asked before it can be said that no machine is left. */
export const mayHaveMachine = ({ instance_id, launch }: VmRecord): boolean => instance_id !== null || launch === 'sent';

/**
 * Whether a machine of it that shows is to be ended: its creation failed, or nobody knows what became of its launch (a deletion looked in vain, and
 * failed). Who asks for its start, where it has a machine, wants it after all.
 */
export const isToHaveNoMachine = ({ status, given_up, launch, instance_id }: VmRecord): boolean =>
  status === 'error' && (given_up || (launch === 'sent' && instance_id === null));

/** What the record says of a machine once there is none. */
export const noMachine = {
  instance_id: null,
  account: null,
  launched_at: null,
  launch: 'none',
  public_ip: null,
  private_ip: null,
} as const satisfies Partial<VmRecord>;

/** What a failure changes beside the status: a creation that has failed is given up, whoever puts the failure on record. */
export const detailsOfFailure = (work: VmWork): { given_up?: true } => (work === 'create' ? { given_up: true } : {});

/** A deleted VM is shown for a day, by the clock and not by when the table drops it. */
export const isForgotten = ({ deleted_at }: Pick<VmRecord, 'deleted_at'>, now: Date): boolean =>
  deleted_at !== null && now.getTime() - Date.parse(deleted_at) >= deletedHours * 3_600_000;

/** The workflow that a step belongs to: its VM is in this state since this version, or the step comes too late. */
export interface Run {
  workspaceId: string;
  vmId: string;
  status: VmStatus;
  version: number;
}

export const isIn = (record: VmRecord | undefined, { status, version }: Run): record is VmRecord =>
  record !== undefined && record.status === status && record.run === version;
