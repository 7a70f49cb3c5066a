export interface TestOutcome {
  name: string;
  state: 'passed' | 'failed' | 'not run';
  /** Why it was not run. */
  reason?: string;
}

/** A file of which no test could begin. */
interface BrokenFile {
  file: string;
  reason: string;
}

const firstLine = (text: string) => text.split('\n')[0] ?? '';

/** What a run of the tests came to, in a few lines. */
export function summarise(outcomes: readonly TestOutcome[], broken: readonly BrokenFile[]): string {
  const count = (state: TestOutcome['state']) => outcomes.filter((outcome) => outcome.state === state).length;
  const [passed, failed, missed] = [count('passed'), count('failed'), count('not run')];
  const head = `${passed + failed} tests ran: ${passed} passed, ${failed} failed; ${missed} were not run.`;
  const reasons = outcomes.filter(({ state }) => state === 'not run').map(({ name, reason }) => `${name}: ${reason}`);
  const files = broken.map(({ file, reason }) => `${file}, the whole file: ${firstLine(reason)}`);
  return ['', head, ...[...reasons, ...files].map((line) => `  not run: ${line}`), ''].join('\n');
}
