import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Attributes } from './item.ts';
import { isPrincipal } from './kinds.ts';

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

/**
 * An item as it goes back into a table.
 *
 * Of VMs and workspaces the versions rise: they name executions of state machines, and Step Functions starts none under a name that it has seen in the last 90
 * days, so one that had been used since the backup would do nothing. The steps of what ran then do not match any more, either. A principal comes without
 * its sessions, since some may have been ended since, and without the lease of who was replacing its password.
 */
export function adapt(item: Attributes, run: Date): Attributes {
  const step = stepAt(run);
  if (isPrincipal(item)) {
    const { lease: _, ...principal } = item;
    return item['ss'] === undefined ? principal : { ...principal, ss: { M: {} } };
  }
  switch (item['type']?.S) {
    case 'vm':
      return raise(item, ['version', 'run', 'restarted'], step);
    case 'workspace':
      return raiseTeardown(raise(item, ['version'], step), step);
    default:
      return item;
  }
}
