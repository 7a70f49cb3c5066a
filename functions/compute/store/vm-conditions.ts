import { statesAllowing, type VmAction } from '../../../contracts/compute/vm-states.ts';
import type { Fragment } from '../../platform/table/types.ts';
import type { Run } from '../domain/vm.ts';

/** The states from which the table allows an action, as a write condition. */
export function allows(action: VmAction): Fragment {
  const values: Record<string, unknown> = {};
  const alternatives = statesAllowing(action).map(({ status, needs }) => {
    values[`from_${status}`] = status;
    const inState = `#status = :from_${status}`;
    return needs === undefined ? inState : `(${inState} AND attribute_exists(#${needs}))`;
  });
  return { text: alternatives.join(' OR '), values };
}

/** The VM is where this run of its workflow is, and no later one has begun. */
export const isInRun = ({ status, version }: Pick<Run, 'status' | 'version'>): Fragment => ({
  text: '#status = :run_status AND #run = :run_version',
  values: { run_status: status, run_version: version },
});

/** Nothing has been written of the VM since then, so what was seen at that time is news of it as it is. */
export const isOlderThan = (seen: Date): Fragment => ({
  text: '#updated_at < :seen_at',
  values: { seen_at: seen.toISOString() },
});

/** The creation of the VM has not been given up. */
export const isWanted: Fragment = { text: '#given_up = :wanted', values: { wanted: false } };

/** `SET` of what has a value, `REMOVE` of what is null, and the next version. */
export function changeOf(attributes: Readonly<Record<string, unknown>>): Fragment {
  const names = Object.keys(attributes).filter((name) => attributes[name] !== undefined);
  const [set, removed] = [
    names.filter((name) => attributes[name] !== null),
    names.filter((name) => attributes[name] === null),
  ];
  const sets = [...set.map((name) => `#${name} = :${name}`), '#version = #version + :one'];
  const text = `SET ${sets.join(', ')}${removed.length > 0 ? ` REMOVE ${removed.map((name) => `#${name}`).join(', ')}` : ''}`;
  return { text, values: { ...Object.fromEntries(set.map((name) => [name, attributes[name]])), one: 1 } };
}
