import type { CheckResult } from './checks.ts';
import type { Figures, FileResult } from './report.ts';
import { type Row, rows } from './rows.ts';

const isIn = (file: string, place: string) => file === place || file.startsWith(`${place}/`);
const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const told = (figures: readonly Figures[]) =>
  figures.flatMap((each) => Object.entries(each).map(([name, value]) => `${name} ${value}`));

/** Passed only where every one of its places has tests and all of them passed. */
function judge({ tests }: Row, results: readonly FileResult[]): string {
  const missing = tests.filter((place) => !results.some(({ file }) => isIn(file, place)));
  const failed = results.flatMap((result) => result.failed);
  const empty = results.filter(({ passed, failed: titles }) => passed + titles.length === 0);
  if (missing.length > 0) return `**failed**: no result of ${missing.join(', ')}`;
  if (empty.length > 0) return `**failed**: no tests in ${empty.map(({ file }) => file).join(', ')}`;
  if (failed.length > 0) return `**failed**: ${failed.join('; ')}`;
  return 'passed';
}

function lineOf(row: Row, all: readonly FileResult[], checks: readonly CheckResult[]): string {
  const results = all.filter(({ file }) => row.tests.some((place) => isIn(file, place)));
  const own = checks.filter(({ row: nth }) => nth === row.nth);
  const broken = own.filter(({ outcome }) => outcome === 'failed');
  const tests = judge(row, results);
  const result =
    broken.length === 0
      ? tests
      : `${tests === 'passed' ? '' : `${tests}; `}**failed**: ${broken.map(({ name }) => name).join(', ')}`;
  const passed = results.reduce((sum, each) => sum + each.passed, 0);
  const seconds = results.reduce((sum, each) => sum + each.seconds, 0);
  const figures = [
    `${count(passed, 'test')} passed in ${seconds} s`,
    ...told(results.flatMap((each) => each.figures)),
    ...own.map(({ name, outcome, note }) => `${name} ${outcome}${note === '' ? '' : ` (${note})`}`),
  ];
  const date =
    results
      .map((each) => each.date)
      .toSorted()
      .at(-1) ?? '';
  const files = row.tests.map((place) => `\`${place.replace(/^tests\//, '')}\``).join(' ');
  return `| ${[String(row.nth), row.what, files, row.size, result, date, figures.join('; ')].map(cell).join(' | ')} |`;
}

export interface Proof {
  page: string;
  failed: boolean;
}

/** The lines of a page's table, by row. */
const linesOf = (page: string) =>
  new Map([...page.matchAll(/^\| (\d+) \| .*$/gm)].map(([line, nth]) => [Number(nth), line] as const));

/** docs/proof.md of what a run said; rows that were not run stay as the page before had them, with their dates. */
export function writePage(
  run: readonly Row[],
  results: readonly FileResult[],
  checks: readonly CheckResult[],
  { machine, before }: { machine: string; before: string },
): Proof {
  const fresh = run.map((row) => [row.nth, lineOf(row, results, checks)] as const);
  const known = rows.map(({ nth }) => nth);
  const lines = [...new Map([...linesOf(before), ...fresh])]
    .filter(([nth]) => known.includes(nth))
    .toSorted(([a], [b]) => a - b)
    .map(([, line]) => line);
  const page = `# Proof

What the product promises, and the tests that hold it, as each row ran last at full size. \`npm run prove\` runs them all and writes this page from their report,
\`npm run prove -- 2 20\` renews two rows. A row that failed says so, and so does one whose tests did not run. Every test runs in \`npm test\`, too, the larger ones
smaller. Paths are below \`tests/\`.

Run on ${machine}, against the emulator that [local-runtime.md](local-runtime.md) describes, not against AWS.

| row | what | tests | size | result | date | figures |
| --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
`;
  return { page, failed: fresh.some(([, line]) => line.includes('**failed**')) };
}
