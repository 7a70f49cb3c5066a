import { busyStateOf } from '../../../contracts/compute/vm-states.ts';
import { statusReason } from '../domain/status-reason.ts';
import { detailsOfFailure } from '../domain/vm.ts';
import type { RunInput, Step } from './step.ts';

/** The sentence in what Lambda's errors look like in Catch: JSON with `errorMessage`. Other causes are not for users. */
function saidIn(cause: string | undefined): string {
  try {
    const { errorMessage } = JSON.parse(cause ?? '') as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : '';
  } catch {
    return '';
  }
}

const reasonOf = ({ error }: RunInput) => statusReason(error?.Error ?? '', saidIn(error?.Cause));

/** The workflow failed: the VM is in `error` with the reason, and can be deleted. */
export const recordError: Step = async (vm, { vms, work, input, now, event }) => {
  const { failed: status } = busyStateOf(work);
  const reason = reasonOf(input);
  await vms.settle(vm, { status, reason, details: detailsOfFailure(work) }, event('succeeded', reason), now());
  return undefined;
};
