import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface ImportFigure {
  name: string;
  kilobytes: number;
  /** Median of the runs, above the import of an empty module. */
  milliseconds: number;
}

const runs = 11;

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** A name for every variable that some function reads, so that each gets through its start-up. */
const environment = {
  TABLE_NAME: 'bench',
  STAGE: 'bench',
  VERSION: '0',
  ORIGIN_SECRET_SHA256: '00',
  USER_POOL_ID: 'eu-west-1_bench',
  USER_POOL_CLIENT_ID: 'bench',
  LIMITS: '{}',
  ADMIN_EMAIL: '',
  CREDENTIALS_KEY_ID: 'bench',
  BUS_NAME: 'bench',
  STATE_MACHINE_ARN_PREFIX: 'arn:aws:states:eu-west-1:111122223333:stateMachine:skyclust-bench-',
  SOCKET_ENDPOINT: 'https://example.com/ws',
  SOCKET_TIMEOUT_QUEUE_URL: 'https://example.com/q',
  RELAY_FAILURES_QUEUE_URL: 'https://example.com/q',
  CHAIN_FAILURES_QUEUE_URL: 'https://example.com/q',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
};

const importOnce = (file: string) => {
  const script = `const t = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log('#' + (performance.now() - t)); process.exit(0)`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...environment, PATH: process.env['PATH'] },
    encoding: 'utf8',
  });
  return Number(/#([\d.]+)/.exec(output)?.[1]);
};

const medianImport = (file: string) => median(Array.from({ length: runs }, () => importOnce(file)));

/** Each bundle in fresh processes, as a cold start loads it. */
export function measureImports(directory: string): ImportFigure[] {
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const empty = join(scratch, 'empty.mjs');
    writeFileSync(empty, 'export {};\n');
    const floor = medianImport(empty);
    return readdirSync(directory)
      .toSorted()
      .map((name) => {
        const file = join(directory, name, 'index.mjs');
        return {
          name,
          kilobytes: Math.round(statSync(file).size / 102.4) / 10,
          milliseconds: Math.round((medianImport(file) - floor) * 10) / 10,
        };
      });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
