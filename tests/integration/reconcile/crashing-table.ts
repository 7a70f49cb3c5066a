import type { Table } from '../../../functions/platform/table/types.ts';

/** The process ended: nothing that it would have done later is done. */
export class Crash extends Error {}

export interface CrashPoint {
  /** The nth call of the table, from 1, */
  call: number;
  /** which is not made any more, or is the last that was. */
  when: 'before' | 'after';
}

/** A table whose caller dies at one of its calls. `calls` counts them; `crashed` tells whether it came to that. */
export function crashingTable(table: Table, point?: CrashPoint) {
  const state = { calls: 0, crashed: false };
  const guard =
    <Arguments extends unknown[], Result>(work: (...given: Arguments) => Promise<Result>) =>
    async (...given: Arguments): Promise<Result> => {
      if (state.crashed) throw new Crash();
      state.calls += 1;
      const isPoint = state.calls === point?.call;
      if (isPoint) state.crashed = true;
      if (isPoint && point.when === 'before') throw new Crash();
      const result = await work(...given);
      if (isPoint) throw new Crash();
      return result;
    };
  const crashing: Table = {
    get: guard(table.get),
    getMany: guard(table.getMany),
    query: guard(table.query),
    queryAll: guard(table.queryAll),
    count: guard(table.count),
    write: guard(table.write),
    transact: guard(table.transact),
  };
  return { table: crashing, state };
}
