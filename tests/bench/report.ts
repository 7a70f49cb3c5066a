import type { Spent } from '../support/http-client.ts';
import type { ImportFigure } from './measure-imports.ts';
import type { LoadFigure } from './measure-load.ts';

export interface OperationFigure extends Spent {
  name: string;
  transitions: number;
  usdPerMillion: number;
}

export interface BenchReport {
  operations: OperationFigure[];
  functions: ImportFigure[];
  load: LoadFigure[];
}

type Cell = string | number;

function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The report as Markdown tables. */
export function formatReport({ operations, functions, load }: BenchReport): string {
  return [
    table(
      ['operation', 'trips', 'WCU', 'RCU', 'KMS', 'transitions', 'USD per million'],
      operations.map((o) => [o.name, o.trips, o.wcu, o.rcu, o.kms, o.transitions, o.usdPerMillion.toFixed(2)]),
    ),
    table(
      ['function', 'bundle KB', 'import ms'],
      functions.map((f) => [f.name, f.kilobytes, f.milliseconds]),
    ),
    table(
      ['load', 'in flight', 'requests', 'per second', 'p50 ms', 'p99 ms', 'failures'],
      load.map((l) => [l.name, l.inFlight, l.requests, l.perSecond, l.p50Ms, l.p99Ms, l.failures]),
    ),
  ].join('\n\n');
}
