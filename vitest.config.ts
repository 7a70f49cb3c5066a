import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SameOrder } from './tests/support/same-order.ts';
import { sortTests } from './tests/support/sort-tests.ts';
import { SummaryReporter } from './tests/support/summary-reporter.ts';
import { keepTemporaryFiles } from './tests/support/temporary-files.ts';

keepTemporaryFiles();

const integration = sortTests(import.meta.dirname);

/** One after another, since all projects side by side would need more cores than two. Templates are made beside the deployed stack, each in one worker. */
const order = { together: 0, deployed: 1 };
/** Three on two cores: much of a test's time is spent waiting for a stack to start or stop. Vitest's own default leaves one core of two idle. */
const workers = Math.ceil(availableParallelism() * 1.5);

export default defineConfig({
  test: {
    reporters: ['default', new SummaryReporter()],
    sequence: { sequencer: SameOrder },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          exclude: ['tests/unit/infra/**'],
          testTimeout: 20_000,
          maxWorkers: workers,
          sequence: { groupOrder: order.together },
        },
      },
      {
        test: {
          name: 'in-process',
          include: integration['in-process'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: workers,
          sequence: { groupOrder: order.together },
        },
      },
      {
        test: {
          name: 'own-stack',
          include: integration['own-stack'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: workers,
          sequence: { groupOrder: order.together },
        },
      },
      {
        test: {
          name: 'state-machines',
          include: ['tests/state-machines/**/*.test.ts'],
          testTimeout: 60_000,
          maxWorkers: workers,
          sequence: { groupOrder: order.together },
        },
      },
      {
        test: {
          // In one worker after another file, so that a stage's templates are made once.
          name: 'infra',
          include: ['tests/unit/infra/**/*.test.ts'],
          isolate: false,
          testTimeout: 60_000,
          maxWorkers: 1,
          sequence: { groupOrder: order.deployed },
        },
      },
      {
        test: {
          // On one deployed stack, a file at a time: the stack has the same two cores as the tests.
          name: 'deployed',
          include: integration.deployed,
          globalSetup: ['tests/support/global-setup.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: order.deployed },
        },
      },
    ],
  },
});
