import { describe, expect, it } from 'vitest';
import { summarise } from '../../support/summary.ts';

describe('the summary of a run', () => {
  it('counts what ran and passed', () => {
    const outcomes = [
      { name: 'a', state: 'passed' },
      { name: 'b', state: 'passed' },
      { name: 'c', state: 'failed' },
    ] as const;
    expect(summarise(outcomes, []).trim()).toBe('3 tests ran: 2 passed, 1 failed; 0 were not run.');
  });

  it('names each test that was not run, and each file that could not begin, with the reason', () => {
    const outcomes = [{ name: 'a > b', state: 'not run', reason: 'its set-up failed' }] as const;
    expect(summarise(outcomes, [{ file: 'tests/x.test.ts', reason: 'no such module\nat y' }]).split('\n')).toEqual([
      '',
      '0 tests ran: 0 passed, 0 failed; 1 were not run.',
      '  not run: a > b: its set-up failed',
      '  not run: tests/x.test.ts, the whole file: no such module',
      '',
    ]);
  });
});
