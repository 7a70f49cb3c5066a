import { relative } from 'node:path';

export type Figures = Readonly<Record<string, number | string>>;

/** As much of vitest's JSON report as the table needs. */
export interface JsonReport {
  startTime: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    startTime: number;
    endTime: number;
    assertionResults: { status: string; fullName: string; meta?: { figures?: Figures } }[];
  }[];
}

export interface FileResult {
  /** From the root. */
  file: string;
  passed: number;
  /** Titles of tests that did not pass, skipped ones too. */
  failed: string[];
  seconds: number;
  date: string;
  figures: Figures[];
}

/** The report's files. One that did not run at all, such as for a failed hook, is failed by itself. */
export function readReport({ testResults }: JsonReport, root: string): FileResult[] {
  return testResults.map(({ name, status, message, startTime, endTime, assertionResults }) => {
    const missed = assertionResults.filter((test) => test.status !== 'passed').map(({ fullName }) => fullName);
    const broken = status !== 'passed' && missed.length === 0 ? [message.split('\n')[0] || 'the file did not run'] : [];
    return {
      file: relative(root, name),
      passed: assertionResults.length - missed.length,
      failed: [...missed, ...broken],
      seconds: Math.round((endTime - startTime) / 1_000),
      date: new Date(endTime).toISOString().slice(0, 10),
      figures: assertionResults.flatMap(({ meta }) => (meta?.figures === undefined ? [] : [meta.figures])),
    };
  });
}
