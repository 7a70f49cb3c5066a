import type { VmProvider } from '../../contracts/compute/providers.ts';
import type { VmEvent } from '../../contracts/compute/vm-event.ts';
import type { VmAction, VmStatus } from '../../contracts/compute/vm-states.ts';
import type { Sealed } from '../platform/crypto/sealed.ts';
import type { Write } from '../platform/table/types.ts';
import type { Run, VmRecord } from './domain/vm.ts';

/** What a member changes of a VM by itself; a field that is null goes. */
export type VmChanges = Partial<
  Pick<VmRecord, 'name' | 'tags' | 'tags_version' | 'tags_gone' | 'expires_at' | 'resize_to' | 'request_id'>
>;

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
  /**
   * Enters the busy state of an action where the state table allows it, else CONFLICT; holds a version when one is given. Whoever asks, a member by a
   * call or a timer without one: it is the same write.
   */
  act(
    vm: VmRecord,
    action: Exclude<VmAction, 'resize'>,
    now: Date,
    asked?: { version?: number | undefined; requestId?: string },
  ): Write;
  /** Changes the VM if it still has the version that was read. Setting or clearing `resize_to` takes a state that allows a resize, too. */
  update(before: VmRecord, changes: VmChanges, now: Date): Write;
  /** Has the reconciler look at where this VM is made: with every `insert`, once for each credential and region of a transaction. */
  register(vm: VmRecord): Write;
  /** What a new VM, or a change of one, makes due: with every `insert` and every change of `expires_at`. */
  timerWrites(before: VmRecord | undefined, after: VmRecord, now: Date): Write[];
}

/** What a VM went through. */
export interface HistoryStore {
  /** At most `limit` rows, in the order of time, behind the one that `after` names; and the VM's workspace, where there is a row to tell. */
  page(
    vmId: string,
    query: { descending: boolean; after: Pick<VmEvent, 'at' | 'id'> | undefined; limit: number },
  ): Promise<{ events: VmEvent[]; workspaceId: string | undefined }>;
}

/** Secrets of a VM's own: what its machine runs on its first boot. */
export interface UserDataStore {
  /** Seals it to this VM of this workspace: one call of KMS. */
  seal(vm: Pick<VmRecord, 'workspace_id' | 'id'>, userData: string): Promise<Sealed>;
  insert(vm: Pick<VmRecord, 'id'>, sealed: Sealed, now: Date): Write;
}

/** How many vCPUs a type has; undefined of a type that nobody knows. */
export type VcpusOf = (provider: VmProvider, region: string, instanceType: string) => Promise<number | undefined>;

/** What changes while a VM stays in the state that its workflow is of. */
export type VmDetails = Partial<
  Pick<
    VmRecord,
    | 'image_id'
    | 'launch'
    | 'attempt'
    | 'given_up'
    | 'launched_at'
    | 'account'
    | 'instance_id'
    | 'restarted'
    | 'estimated_monthly_cost'
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
  /** Ends the workflow that the VM was loaded in: the status, what came with it, and the step's row of the history in one transaction. */
  settle(
    vm: VmRecord,
    end: { status: VmStatus; reason: string | null; details: VmDetails },
    event: VmEvent,
    now: Date,
  ): Promise<boolean>;
  /** The machine has the type that was asked for (`done`), or never will (`refused`): what was held for the other is given back with it. False as well when somebody else has ended it. */
  endResize(vm: VmRecord, end: 'done' | 'refused', now: Date, details?: VmDetails): Promise<boolean>;
  /** The VM as it is, whatever it is going through. */
  find(workspaceId: string, vmId: string): Promise<VmRecord | undefined>;
  /** The provider has been told these very name and tags. */
  noteTold(vm: VmRecord, now: Date): Promise<boolean>;
  /** Ends a deletion: the VM, its share of the quota and of the credential go, a trace of it stays for a day. */
  remove(vm: VmRecord, event: VmEvent, now: Date): Promise<boolean>;
  addEvent(of: Pick<Run, 'workspaceId' | 'vmId'>, event: VmEvent): Promise<void>;
}

/** What a month of the type costs, in the currency of the provider's price list; undefined where nobody knows. */
export type MonthlyCostOf = (provider: VmProvider, region: string, instanceType: string) => Promise<number | undefined>;

/** What a VM takes of its workspace. */
export interface Holdings {
  /** More of the quota, or less where negative. More is refused in an inactive workspace and over a limit. */
  countVms(workspaceId: string, moves: { vms?: number; vcpus?: number }): Write;
  /** The credential has this many VMs more or less that need it. More is refused of one that is gone, inactive or another provider's. */
  countUse(workspaceId: string, credentialId: string, uses: number, provider: VmProvider): Write;
}

/** The workspace's credentials, as far as a VM is concerned. */
export interface CredentialDirectory {
  /** The one active credential of this provider, for a request that names none; VALIDATION_ERROR where there is none or several. */
  onlyOf(workspaceId: string, provider: VmProvider): Promise<{ id: string }>;
}
