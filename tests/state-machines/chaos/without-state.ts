import type { Table, Write } from '../../../functions/platform/table/types.ts';

const ofState = /#status = :\w+/;

function lift(write: Write): Write {
  if (write.condition === undefined || !ofState.test(write.condition.text)) return write;
  return { ...write, condition: { text: 'attribute_exists(#pk)' } };
}

/** The control: what is written for a state of a VM is written whatever state it is in by then, as long as there is one. */
export const withoutState = (table: Table): Table => ({
  ...table,
  write: (write, returning) => table.write(lift(write) as typeof write, returning),
  transact: (writes, token) => table.transact(writes.map(lift), token),
});
