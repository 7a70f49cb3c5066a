import type { VmProvider } from '../../contracts/compute/providers.ts';
import type { VmAction, VmStatus } from '../../contracts/compute/vm-states.ts';
import type { Write } from '../platform/table/types.ts';
import type { VmEvent } from './domain/history.ts';
import type { Run, VmRecord } from './domain/vm.ts';

/** What a use case asks of the VMs. Methods that answer writes do nothing by themselves: the use case commits them. */
export interface VmStore {
  /** The VM of this id in one of these workspaces; a deleted one for a day. */
  find(workspaceIds: readonly string[], id: string, now: Date): Promise<VmRecord | undefined>;
  /** As `find`, with what the last look at its machine says; costs a unit a workspace more. */
  findObserved(workspaceIds: readonly string[], id: string, now: Date): Promise<VmRecord | undefined>;
  /** With what the last look at their machines says. */
  list(workspaceId: string): Promise<VmRecord[]>;
  /** Those deleted within a day; of more than 1,000 the ones that were made last. */
  listDeleted(workspaceId: string, now: Date): Promise<VmRecord[]>;
  insert(vm: VmRecord): Write;
  /** Enters the busy state of an action where the state table allows it, else CONFLICT; holds a version when one is given. */
  act(vm: VmRecord, action: VmAction, now: Date, version?: number): Write;
  /** Has the reconciler look at where this VM is made: with every `insert`, once for each credential and region of a transaction. */
  register(vm: VmRecord): Write;
  /** What a new VM, or a change of one, makes due: with every `insert` and every change of `expires_at`. */
  timerWrites(before: VmRecord | undefined, after: VmRecord, now: Date): Write[];
}

/** What changes while a VM stays in the state that its workflow is of. */
export type VmDetails = Partial<
  Pick<
    VmRecord,
    | 'image_id'
    | 'launch'
    | 'attempt'
    | 'given_up'
    | 'launched_at'
    | 'instance_id'
    | 'public_ip'
    | 'private_ip'
    | 'observed_at'
  >
>;

/** What a workflow's step asks of its VM. Each change holds that the VM is still where the workflow is; false when it has moved on. */
export interface LifecycleStore {
  load(run: Run): Promise<VmRecord | undefined>;
  note(run: Run, details: VmDetails, now: Date): Promise<boolean>;
  /** As `note`, for a launch: false as well when the creation has been given up. */
  noteLaunch(run: Run, details: VmDetails, now: Date): Promise<boolean>;
  /** Ends the workflow: the status, what came with it, and the step's row of the history in one transaction. */
  settle(
    run: Run,
    end: { status: VmStatus; reason: string | null; details: VmDetails },
    event: VmEvent,
    now: Date,
  ): Promise<boolean>;
  /** Ends a deletion: the VM, its share of the quota and of the credential go, a trace of it stays for a day. */
  remove(vm: VmRecord, event: VmEvent, now: Date): Promise<boolean>;
  addEvent(vmId: string, event: VmEvent): Promise<void>;
}

/** What a VM takes of its workspace. */
export interface Holdings {
  /** One VM more (1) or less (-1) of the quota. More is refused in an inactive workspace and over the limit. */
  countVm(workspaceId: string, vms: 1 | -1): Write;
  /** The credential has one VM more or less that needs it. More is refused of one that is gone, inactive or another provider's. */
  countUse(workspaceId: string, credentialId: string, uses: 1 | -1, provider: VmProvider): Write;
}

/** The workspace's credentials, as far as a VM is concerned. */
export interface CredentialDirectory {
  /** The one active credential of this provider, for a request that names none; VALIDATION_ERROR where there is none or several. */
  onlyOf(workspaceId: string, provider: VmProvider): Promise<{ id: string }>;
}
