import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LambdaClient, type LambdaClientConfig, paginateListFunctions } from '@aws-sdk/client-lambda';

export interface ImportFigure {
  name: string;
  kilobytes: number;
  /** Median of the runs, above the import of an empty module. */
  milliseconds: number;
}

const runs = 11;

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

type Environment = Record<string, string>;

/** As functions are deployed, by the name of each: their start-up reads it. */
export async function readEnvironments(client: LambdaClientConfig): Promise<Map<string, Environment>> {
  const lambda = new LambdaClient(client);
  const environments = new Map<string, Environment>();
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {}))
    for (const { FunctionName = '', Environment } of Functions)
      environments.set(FunctionName.replace('skyclust-local-', ''), Environment?.Variables ?? {});
  lambda.destroy();
  return environments;
}

const everywhere = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' };

const importOnce = (file: string, environment: Environment) => {
  const script = `const t = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log('#' + (performance.now() - t)); process.exit(0)`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...everywhere, ...environment, PATH: process.env['PATH'] },
    encoding: 'utf8',
  });
  return Number(/#([\d.]+)/.exec(output)?.[1]);
};

const medianImport = (file: string, environment: Environment = {}) =>
  median(Array.from({ length: runs }, () => importOnce(file, environment)));

/** Each bundle in fresh processes, as a cold start loads it. */
export function measureImports(directory: string, environments: ReadonlyMap<string, Environment>): ImportFigure[] {
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
          milliseconds: Math.round((medianImport(file, environments.get(name)) - floor) * 10) / 10,
        };
      });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
