import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../prove/checks.ts';
import { type JsonReport, readReport } from '../../prove/report.ts';
import { rows } from '../../prove/rows.ts';
import { writePage } from '../../prove/table.ts';

const row = { nth: 1, what: 'one thing', size: 'all', tests: ['tests/unit/a', 'tests/unit/b.test.ts'] };

type Test = JsonReport['testResults'][number]['assertionResults'][number];
const test = (status = 'passed', more: Partial<Test> = {}): Test => ({
  status,
  fullName: `a | ${status} test`,
  ...more,
});
const file = (name: string, tests: Test[], status = 'passed') => ({
  name: `/clone/${name}`,
  status,
  message: status === 'passed' ? '' : 'cannot start\n  at somewhere',
  startTime: Date.parse('2026-01-31T09:00:00Z'),
  endTime: Date.parse('2026-01-31T09:00:02Z'),
  assertionResults: tests,
});

const write = (files: JsonReport['testResults'], checks: CheckResult[] = [], before = '') =>
  writePage([row], readReport({ startTime: 0, testResults: files }, '/clone'), checks, {
    machine: 'a machine',
    before,
  });
const page = (files: JsonReport['testResults'], checks: CheckResult[] = []) => {
  const proof = write(files, checks);
  return { failed: proof.failed, line: proof.page.trimEnd().split('\n').at(-1) };
};

describe('the table of proofs', () => {
  it('tells what passed, how long it took and its figures', () => {
    const figures = { meta: { figures: { faults: 200 } } };
    const { failed, line } = page([
      file('tests/unit/a/x.test.ts', [test(), test('passed', figures)]),
      file('tests/unit/b.test.ts', [test()]),
    ]);
    expect([failed, line]).toEqual([
      false,
      '| 1 | one thing | `unit/a` `unit/b.test.ts` | all | passed | 2026-01-31 | 3 tests passed in 4 s; faults 200 |',
    ]);
  });

  it('tells of a row as failed for one test that failed or was skipped, by its title', () => {
    for (const status of ['failed', 'skipped', 'pending', 'todo']) {
      const { failed, line } = page([
        file('tests/unit/a/x.test.ts', [test(), test(status)]),
        file('tests/unit/b.test.ts', [test()]),
      ]);
      expect([failed, line]).toEqual([true, expect.stringContaining(`**failed**: a \\| ${status} test`)]);
    }
  });

  it('tells of a row as failed where a file did not run, has no tests or is not there', () => {
    const a = file('tests/unit/a/x.test.ts', [test()]);
    const b = file('tests/unit/b.test.ts', [test()]);
    const broken = {
      'cannot start': [a, file('tests/unit/b.test.ts', [], 'failed')],
      'no tests in tests/unit/a/x.test.ts': [file('tests/unit/a/x.test.ts', []), b],
      'no result of tests/unit/b.test.ts': [a],
      // Not the folder `a`, though its name begins with it.
      'no result of tests/unit/a': [file('tests/unit/ab/x.test.ts', [test()]), b],
    };
    for (const [says, files] of Object.entries(broken))
      expect(page(files)).toEqual({ failed: true, line: expect.stringContaining(`**failed**: ${says}`) });
  });

  it('tells of a row as failed for a check that failed, and of one that could not be run as such', () => {
    const files = [file('tests/unit/a/x.test.ts', [test()]), file('tests/unit/b.test.ts', [test()])];
    const check = (outcome: CheckResult['outcome']) => [{ row: 1, name: 'lint', outcome, note: '' }];
    expect(page(files, check('failed'))).toEqual({ failed: true, line: expect.stringContaining('**failed**: lint') });
    expect(page(files, check('not run'))).toEqual({ failed: false, line: expect.stringContaining('lint not run') });
  });

  it('keeps the rows that were not run, in their order, and drops what is no row any more', () => {
    const files = [file('tests/unit/a/x.test.ts', [test()]), file('tests/unit/b.test.ts', [test()])];
    const before = ['| 1 | one thing | **failed** |', '| 2 | another | passed |', '| 999 | gone | passed |'].join('\n');
    const { page: after, failed } = write(files, [], before);
    const lines = after.split('\n').filter((line) => /^\| \d/.test(line));
    expect(lines).toEqual([expect.stringContaining('| passed | 2026-01-31 |'), '| 2 | another | passed |']);
    expect(failed).toBe(false);
  });

  it('has each row once', () => {
    const numbers = rows.map(({ nth }) => nth);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  });
});
