import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { summarise, type TestOutcome } from './summary.ts';

const outcomeOf = (test: TestCase): TestOutcome => {
  const result = test.result();
  if (result.state === 'passed' || result.state === 'failed') return { name: test.fullName, state: result.state };
  if (result.state === 'pending') return { name: test.fullName, state: 'not run', reason: 'the run ended before it' };
  const reason = test.options.mode === 'run' ? 'its set-up failed' : `it is marked ${test.options.mode}`;
  return { name: test.fullName, state: 'not run', reason: result.note ?? reason };
};

/** Says at the end how many tests ran and passed, and of those that did not run, why. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const outcomes = modules.flatMap((module) => [...module.children.allTests()].map(outcomeOf));
    const broken = modules
      .filter((module) => module.errors().length > 0)
      .map((module) => ({ file: module.relativeModuleId, reason: module.errors()[0]?.message ?? '' }));
    console.log(summarise(outcomes, broken));
  }
}
