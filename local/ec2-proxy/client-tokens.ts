import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What was launched with a token. */
export interface Launch {
  /** Of the parameters it was launched with. */
  hash: string;
  instanceIds: string[];
}

export interface LaunchStore {
  get(key: string): Launch | undefined;
  set(key: string, launch: Launch): unknown;
  delete(key: string): unknown;
}

const zoneParameter = 'Placement.AvailabilityZone';

/**
 * What a launch is told apart by: EC2's tokens hold in a Region, and in a zone where the request names one
 * (https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html). Undefined: nothing to remember.
 */
export const idempotencyKeyOf = (action: string, params: URLSearchParams, authorization = ''): string | undefined => {
  const token = params.get('ClientToken');
  if (action !== 'RunInstances' || token === null || token === '' || params.get('DryRun') === 'true') return undefined;
  const region = /Credential=[^/]+\/[^/]+\/([^/]+)\//.exec(authorization)?.[1] ?? '';
  return [region, params.get(zoneParameter) ?? '', token].join('/');
};

const notParameters = ['ClientToken', 'Version', zoneParameter];

/** Equal for calls with the same parameters, in whatever order. */
export const parametersHash = (params: URLSearchParams): string => {
  const pairs = [...params].filter(([name]) => !notParameters.includes(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(pairs)).digest('hex');
};

/** Keeps launches in a file: machines outlive a restart, so the tokens that made them must too. */
export const createFileStore = (file: string): LaunchStore => {
  mkdirSync(dirname(file), { recursive: true });
  const launches = new Map<string, Launch>(readEntries(file));
  const save = (): void => {
    writeFileSync(`${file}.next`, JSON.stringify([...launches]));
    renameSync(`${file}.next`, file);
  };
  return {
    get: (key) => launches.get(key),
    set: (key, launch) => {
      launches.set(key, launch);
      save();
    },
    delete: (key) => {
      launches.delete(key);
      save();
    },
  };
};

const readEntries = (file: string): [string, Launch][] => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as [string, Launch][];
  } catch {
    return [];
  }
};
