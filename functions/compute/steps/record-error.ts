import { busyStateOf } from '../../../contracts/compute/vm-states.ts';
import { saidIn } from '../../platform/sagas/step-failure.ts';
import { statusReason } from '../domain/status-reason.ts';
import { detailsOfFailure } from '../domain/vm.ts';
import type { RunInput, Step } from './step.ts';

const reasonOf = ({ error }: RunInput) => statusReason(error?.Error ?? '', saidIn(error));

/** The workflow failed: the VM is in `error` with the reason, and can be deleted. */
export const recordError: Step = async (vm, { vms, work, input, now, event }) => {
  const { failed: status } = busyStateOf(work);
  const reason = reasonOf(input);
  await vms.settle(vm, { status, reason, details: detailsOfFailure(work) }, event('succeeded', reason), now());
  return undefined;
};
