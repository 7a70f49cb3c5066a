import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenApiDocument } from '../../../contracts/openapi.ts';
import { python } from './install-fuzzer.ts';
import type { Targets } from './targets.ts';

export interface FuzzOptions {
  /** Folder of the installed fuzzer. */
  fuzzer: string;
  document: OpenApiDocument;
  baseUrl: string;
  /** Of the caller; none for an anonymous one. */
  headers: Readonly<Record<string, string>>;
  targets: Targets;
  /** Operations that are left out. */
  without?: readonly string[];
  phases: readonly ('examples' | 'coverage' | 'fuzzing' | 'stateful')[];
  /** Cases of an operation, of each phase that counts them. */
  examples: number;
  /** The same seed makes the same cases. */
  seed: number;
}

export interface FuzzResult {
  passed: boolean;
  /** What schemathesis said: each finding with a curl that shows it. */
  report: string;
  /** Calls by operation. */
  cases: Record<string, number>;
  /** Calls that succeeded, by operation. */
  hits: Record<string, number>;
  statuses: Record<string, number>;
}

/** All checks; a finding fails the run. */
export async function runFuzzer(options: FuzzOptions): Promise<FuzzResult> {
  const folder = mkdtempSync(join(tmpdir(), 'skyclust-fuzz-'));
  const fileOf = (name: string, content: unknown) => {
    writeFileSync(join(folder, name), JSON.stringify(content));
    return join(folder, name);
  };
  const figures = fileOf('figures.json', { cases: {}, hits: {}, statuses: {} });
  const config = join(folder, 'schemathesis.toml');
  writeFileSync(config, '[auth]\nauto-signup = false\n');
  const env = {
    PATH: process.env['PATH'],
    PYTHONPATH: `${options.fuzzer}:${import.meta.dirname}`,
    SCHEMATHESIS_HOOKS: 'hooks',
    FUZZ_WORLD: fileOf('world.json', options.targets),
    FUZZ_FIGURES: figures,
  };
  const args = [
    ...[
      '-m',
      'schemathesis.cli',
      '--config-file',
      config,
      'run',
      fileOf('openapi.json', options.document),
      '--url',
      options.baseUrl,
    ],
    ...['--checks', 'all', '--phases', options.phases.join(','), '--continue-on-failure', '--no-shrink'],
    ...['--max-examples', String(options.examples), '--seed', String(options.seed), '--generation-database', 'none'],
    // Callers are given, and a call with a token and a key at once is refused as it should be.
    ...['--generation-with-security-parameters', 'false', '--output-sanitize', 'false'],
    ...['--request-timeout', '30', '--suppress-health-check', 'all', '--warnings', 'off', '--no-color'],
    ...(options.without ?? []).flatMap((operation) => ['--exclude-operation-id', operation]),
    ...Object.entries(options.headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
  ];
  try {
    const { code, output } = await runPython(args, folder, env);
    return { passed: code === 0, report: output, ...JSON.parse(readFileSync(figures, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const runPython = (args: string[], cwd: string, env: Record<string, string | undefined>) =>
  new Promise<{ code: number | null; output: string }>((done, fail) => {
    const child = spawn(python, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const end = () => child.kill('SIGKILL');
    process.once('exit', end);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        output += text;
      });
    child.on('error', fail);
    child.on('close', (code) => {
      process.off('exit', end);
      done({ code, output });
    });
  });
