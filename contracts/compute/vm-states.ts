export const vmStatuses = [
  'pending',
  'running',
  'stopping',
  'stopped',
  'starting',
  'deleting',
  'error',
  'deleted',
] as const;
export type VmStatus = (typeof vmStatuses)[number];

/** A VM that is deleted is no more, so none is counted as such. */
export const standing = vmStatuses.filter((status): status is Exclude<VmStatus, 'deleted'> => status !== 'deleted');

/** What a member may ask of a VM that exists. `resize` is a PUT with another `instance_type`. */
export const vmActions = ['start', 'stop', 'restart', 'resize', 'delete'] as const;
export type VmAction = (typeof vmActions)[number];

/** What a busy VM is being put through: the kind of its workflow. */
export const vmWorks = ['create', 'start', 'stop', 'restart', 'delete'] as const;
export type VmWork = (typeof vmWorks)[number];

/** What the provider says of the machine when nobody asked for a change. */
export const vmObservations = ['on', 'off', 'gone'] as const;
export type VmObservation = (typeof vmObservations)[number];

interface Step {
  next: VmStatus;
  /** Only for a VM that has a machine. */
  needs?: 'instance_id';
}

export interface VmState {
  /** A workflow of one of these kinds is on its way and ends in one of the two states, within `busyMinutes`. */
  busy?: { works: readonly [VmWork, ...VmWork[]]; done: VmStatus; failed: VmStatus };
  actions: Readonly<Partial<Record<VmAction, Step>>>;
  observed: Readonly<Partial<Record<VmObservation, { next: VmStatus; reason?: 'MACHINE_GONE' }>>>;
}

/** However it fails, a busy VM is busy for no longer than this. */
export const busyMinutes = 15;

/** The life of a VM, all of it: use case, write condition, `data.allowed` of a CONFLICT, buttons and docs are read off this. */
export const vmStates: Readonly<Record<VmStatus, VmState>> = {
  pending: { busy: { works: ['create'], done: 'running', failed: 'error' }, actions: {}, observed: {} },
  running: {
    actions: { stop: { next: 'stopping' }, restart: { next: 'starting' }, delete: { next: 'deleting' } },
    observed: { off: { next: 'stopped' }, gone: { next: 'error', reason: 'MACHINE_GONE' } },
  },
  stopping: { busy: { works: ['stop'], done: 'stopped', failed: 'error' }, actions: {}, observed: {} },
  stopped: {
    actions: { start: { next: 'starting' }, resize: { next: 'stopped' }, delete: { next: 'deleting' } },
    observed: { on: { next: 'running' } },
  },
  starting: { busy: { works: ['start', 'restart'], done: 'running', failed: 'error' }, actions: {}, observed: {} },
  deleting: { busy: { works: ['delete'], done: 'deleted', failed: 'error' }, actions: {}, observed: {} },
  error: {
    actions: { start: { next: 'starting', needs: 'instance_id' }, delete: { next: 'deleting' } },
    observed: { on: { next: 'running' }, off: { next: 'stopped' } },
  },
  deleted: { actions: {}, observed: {} },
};

/** As much of a VM as the table asks about. */
interface Standing {
  status: VmStatus;
  instance_id: string | null;
}

const meets = (step: Step, { instance_id }: Standing) => step.needs !== 'instance_id' || instance_id !== null;

/** What may be asked of a VM as it stands; `data.allowed` of a refusal. */
export const allowedActions = (vm: Standing): VmAction[] =>
  vmActions.filter((action) => {
    const step = vmStates[vm.status].actions[action];
    return step !== undefined && meets(step, vm);
  });

/** Where an action leads from, and what it asks for there. */
export const statesAllowing = (action: VmAction) =>
  vmStatuses.flatMap((status) => {
    const step = vmStates[status].actions[action];
    return step === undefined ? [] : [{ status, ...step }];
  });

/** The busy state of a kind of work. There is one of each. */
export function busyStateOf(work: VmWork) {
  for (const status of vmStatuses) {
    const { busy } = vmStates[status];
    if (busy?.works.includes(work) === true) return { status, ...busy };
  }
  throw new Error(`cannot find the state of ${work}: the table has none`);
}

/** What a VM in a busy state is put through: what its record says, where it says what such a state has. */
export function workIn(status: VmStatus, said: VmWork | undefined): VmWork | undefined {
  const { busy } = vmStates[status];
  return busy && (busy.works.find((work) => work === said) ?? busy.works[0]);
}
