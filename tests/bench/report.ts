import type { Spent } from '../support/http-client.ts';
import type { ImportFigure } from './measure-imports.ts';
import type { LoadFigure } from './measure-load.ts';

export interface OperationFigure extends Spent {
  name: string;
  transitions: number;
  usdPerMillion: number;
}

export interface BenchReport {
  /** When and where: date, cores, version of Node, load average of the minute before it began. */
  machine: readonly [date: string, cores: number, node: string, load: number];
  operations: OperationFigure[];
  functions: ImportFigure[];
  load: LoadFigure[];
}

type Cell = string | number;

function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

const operationTable = ({ operations }: BenchReport) =>
  table(
    ['operation', 'trips', 'WCU', 'RCU', 'KMS', 'transitions', 'USD per million'],
    operations.map((o) => [o.name, o.trips, o.wcu, o.rcu, o.kms, o.transitions, o.usdPerMillion.toFixed(2)]),
  );

const dollarTable = ({ operations }: BenchReport) =>
  table(
    ['call', 'transitions', 'USD per million'],
    operations.map((o) => [o.name, o.transitions, o.usdPerMillion.toFixed(2)]),
  );

const functionTable = ({ functions }: BenchReport) =>
  table(
    ['function', 'bundle KB', 'import ms'],
    functions.map((f) => [f.name, f.kilobytes, f.milliseconds]),
  );

const loadTable = ({ load }: BenchReport) =>
  table(
    ['load', 'in flight', 'requests', 'per second', 'p50 ms', 'p99 ms', 'failures'],
    load.map((l) => [l.name, l.inFlight, l.requests, l.perSecond, l.p50Ms, l.p99Ms, l.failures]),
  );

/** The report as Markdown tables. */
export const formatReport = (report: BenchReport): string =>
  [operationTable, functionTable, loadTable].map((make) => make(report)).join('\n\n');

/** The page with the first table below a heading put in the place of the one that stands there. */
export function replaceTable(page: string, heading: string, replacement: string): string {
  const start = page.indexOf(`\n## ${heading}\n`);
  const found = start < 0 ? null : /(?:^\|.*\n?)+/m.exec(page.slice(start));
  const next = start < 0 ? -1 : page.indexOf('\n## ', start + 1);
  if (found === null || (next >= 0 && start + found.index > next)) throw new Error(`no table below ${heading}`);
  const at = start + found.index;
  return `${page.slice(0, at)}${replacement}\n${page.slice(at + found[0].length)}`;
}

/** The costs page with what was measured; what each operation takes stands there by hand, and is held by a test. */
export const renewCosts = (page: string, report: BenchReport): string =>
  [
    { heading: 'What it is in dollars', make: dollarTable },
    { heading: 'Functions', make: functionTable },
    { heading: 'Load', make: loadTable },
    {
      heading: 'Measured',
      make: ({ machine }: BenchReport) => table(['date', 'cores', 'Node', 'load average'], [machine]),
    },
  ].reduce((text, { heading, make }) => replaceTable(text, heading, make(report)), page);
