import { ProviderError } from '../domain/provider-error.ts';
import type { VmRecord } from '../domain/vm.ts';
import type { Launched, MachineSpec, Provider } from '../providers/provider.ts';
import { costDetails } from './cost-details.ts';
import type { Step, StepCall } from './step.ts';
import { terminateSurely } from './terminate-surely.ts';

/** A machine that dies as it is made is made anew, under a token of its own, this often in all. */
const mostAttempts = 3;

/** A VM whose image is chosen and whose launch is on record as sent. */
interface Prepared {
  vm: VmRecord;
  imageId: string;
}

const specOf = ({ vm, imageId }: Prepared, userData: Uint8Array | undefined): MachineSpec => ({
  vmId: vm.id,
  workspaceId: vm.workspace_id,
  token: `${vm.id}.${vm.attempt}`,
  name: vm.name,
  instanceType: vm.instance_type,
  imageId,
  keyPair: vm.key_pair,
  tags: vm.tags,
  ...(userData && { userData }),
});

/**
 * Before the provider is asked, the record says so: whatever fails from here on, it is known that there may be a machine. The image is
 * chosen once, since a repeat under the same token must say the same. Undefined when the VM has moved on.
 */
async function prepare(
  vm: VmRecord,
  attempt: number,
  provider: Provider,
  { vms, run, now }: StepCall,
): Promise<Prepared | undefined> {
  const imageId = vm.image_id ?? (await provider.defaultImage(vm.instance_type));
  if (vm.launch === 'sent' && vm.attempt === attempt && vm.image_id !== null) return { vm, imageId };
  const details = { image_id: imageId, attempt, launch: 'sent' as const };
  return (await vms.noteLaunch(run, details, now())) ? { vm: { ...vm, ...details }, imageId } : undefined;
}

const isSpent = (error: unknown) => error instanceof ProviderError && error.name === 'LaunchSpent';

/** A first "no" without effect proves that there is no machine, and so does a dead one; after a lost answer a "no" proves nothing. */
async function noteRefusal(before: VmRecord, error: unknown, { vms, run, now, logger }: StepCall): Promise<void> {
  if (!isSpent(error) && (before.launch === 'sent' || !(error instanceof ProviderError) || error.effect !== 'none'))
    return;
  await vms.note(run, { launch: 'none' }, now()).catch((failure: unknown) => {
    logger.error('cannot note that nothing was launched', { vm_id: before.id, error: failure });
  });
}

async function launch(
  vm: VmRecord,
  provider: Provider,
  userData: Uint8Array | undefined,
  call: StepCall,
): Promise<Launched | undefined> {
  let before = vm;
  for (let attempt = Math.max(1, vm.attempt); ; attempt += 1) {
    const prepared = await prepare(before, attempt, provider, call);
    if (prepared === undefined) return undefined;
    try {
      return await provider.launch(specOf(prepared, userData));
    } catch (error) {
      if (!isSpent(error) || attempt >= mostAttempts) {
        await noteRefusal(before, error, call);
        throw error;
      }
      before = { ...prepared.vm, launch: 'none' };
    }
  }
}

/** Makes the machine, or adopts the one that an earlier try made. */
export const launchMachine: Step = async (vm, call) => {
  if (vm.instance_id !== null || vm.given_up) return undefined;
  const provider = await call.connect(vm);
  const userData = vm.has_user_data ? await call.openUserData(vm) : undefined;
  const machine = await launch(vm, provider, userData, call).finally(() => userData?.fill(0));
  if (machine === undefined) return undefined;
  const { vms, run, now, event } = call;
  const launchedAt = now().toISOString();
  const details = {
    instance_id: machine.id,
    account: machine.account,
    launched_at: launchedAt,
    ...(await costDetails(vm, vm.instance_type, call)),
  };
  if (await vms.noteLaunch(run, details, now())) {
    await vms.addEvent(run, event('succeeded'));
    return undefined;
  }
  // The VM was given up while the provider was at it, so nobody will look after this machine.
  await terminateSurely(provider, { id: machine.id, launchedAt, account: machine.account }, call);
  await vms.addEvent(run, event('undone'));
  return undefined;
};
