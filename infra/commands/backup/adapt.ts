import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Attributes } from './item.ts';
import { isPrincipal, timerHourOf } from './kinds.ts';

/** The product is younger. */
const beginning = Date.UTC(2026, 0, 1);

/** How far versions are raised by an import at this time, a second one: more than they have risen since any earlier import. */
const stepAt = (run: Date): number => Math.floor((run.getTime() - beginning) / 1_000);

const raised = (value: AttributeValue | undefined, step: number): AttributeValue | undefined =>
  value?.N === undefined ? value : { N: String(Number(value.N) + step) };

const raise = (item: Attributes, names: readonly string[], step: number): Attributes =>
  ({
    ...item,
    ...Object.fromEntries(
      names.flatMap((name) => (item[name]?.N === undefined ? [] : [[name, raised(item[name], step)]])),
    ),
  }) as Attributes;

function raiseTeardown(item: Attributes, step: number): Attributes {
  const teardown = item['teardown']?.M;
  return teardown === undefined ? item : { ...item, teardown: { M: raise(teardown, ['run'], step) } };
}

/** A VM whose creation was on its way: what became of that, the backup does not know. */
export const isPending = (item: Attributes): boolean => item['type']?.S === 'vm' && item['status']?.S === 'pending';

/**
 * A creation is neither gone on with nor undone: a machine that it made may be in use since. One that is on record is looked at, and the VM is what its machine
 * is; any other is nobody's. Nor is a machine ended of a creation that had failed, as whoever has started it since wanted it after all.
 */
function withoutUndoing(vm: Attributes): Attributes {
  const hasMachine = vm['instance_id'] !== undefined;
  const wanted = hasMachine && vm['given_up'] !== undefined ? { ...vm, given_up: { BOOL: false } } : vm;
  if (!isPending(vm)) return wanted;
  const { busy_since: _, ...rest } = wanted;
  return {
    ...rest,
    status: { S: 'error' },
    status_reason: { S: 'RESTORED' },
    given_up: { BOOL: false },
    ...(!hasMachine && { launch: { S: 'none' } }),
  };
}

/**
 * Of an expired VM that was to be deleted: it may have been given more time since. It is to be stopped again when it was to be deleted; its people are told then,
 * and its days count anew. Under a key that is the same for every import.
 */
function withoutDeletion(timer: Attributes): Attributes {
  const { deletes_at: _, ...rest } = timer;
  if (timer['kind']?.S !== 'vm_delete') return rest;
  return { ...rest, kind: { S: 'vm_stop' }, sk: { S: (timer['sk']?.S ?? '').replace('#vm_delete#', '#vm_stop#') } };
}

/**
 * An item as it goes back into a table.
 *
 * Of VMs and workspaces the versions rise: they name executions of state machines, and Step Functions starts none under a name that it has seen in the last 90
 * days, so one that had been used since the backup would do nothing. The steps of what ran then do not match any more, either. No machine that may be in use is
 * ended for what had been begun or was to come: people may have decided otherwise since. A principal comes without its sessions, since some may have been
 * ended since, and without the lease of who was replacing its password.
 */
export function adapt(item: Attributes, run: Date): Attributes {
  const step = stepAt(run);
  if (isPrincipal(item)) {
    const { lease: _, ...principal } = item;
    return item['ss'] === undefined ? principal : { ...principal, ss: { M: {} } };
  }
  if (timerHourOf(item) !== undefined) return withoutDeletion(item);
  switch (item['type']?.S) {
    case 'vm':
      return raise(withoutUndoing(item), ['version', 'run', 'restarted'], step);
    case 'workspace':
      return raiseTeardown(raise(item, ['version'], step), step);
    default:
      return item;
  }
}
