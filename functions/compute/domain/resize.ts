import type { VmStatus } from '../../../contracts/compute/vm-states.ts';

/** A type that was asked for while the machine was off, and what is held of the quota for it. */
export interface Resize {
  instance_type: string;
  vcpus: number;
}

export interface Sized {
  instance_type: string;
  /** Taken of the quota for `instance_type`, which is the one that we last gave the machine. */
  vcpus: number;
  /** What the machine becomes when it is started next. */
  resize_to: Resize | null;
}

/** Of a VM that is off, or on its way from there, the type that it starts with; of any other the one that its machine has. */
export const typeToShow = ({ status, instance_type, resize_to }: Sized & { status: VmStatus }): string =>
  resize_to !== null && (status === 'stopped' || status === 'starting') ? resize_to.instance_type : instance_type;

/** The vCPUs that it holds of the quota: the larger of the current and the requested type's, until the resize is settled either way. */
export const heldVcpus = ({ vcpus, resize_to }: Sized): number => Math.max(vcpus, resize_to?.vcpus ?? 0);

/** The VM with another type asked for; with its own, nothing is asked any more. */
export const resized = <Vm extends Sized>(vm: Vm, instanceType: string, vcpus: number): Vm => ({
  ...vm,
  resize_to: instanceType === vm.instance_type ? null : { instance_type: instanceType, vcpus },
});

/** The machine has the type that was asked for. */
export const resizeDone = ({ resize_to, instance_type, vcpus }: Sized): Sized => ({
  instance_type: resize_to?.instance_type ?? instance_type,
  vcpus: resize_to?.vcpus ?? vcpus,
  resize_to: null,
});
