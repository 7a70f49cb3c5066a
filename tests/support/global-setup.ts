import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { Outputs } from '../../local/deploy/outputs.ts';
import { ec2Url } from '../../local/settings.ts';
import type { Endpoints } from '../../local/start-stack.ts';
import { ownFolder, startStack, type TestStack } from './emulator.ts';
import { createHttp } from './http-client.ts';
import { type Person, register, signIn } from './people.ts';

/** The deployed stack that the integration tests share: `inject('stack')`. */
export interface SharedStack extends Endpoints {
  outputs: Outputs;
  client: TestStack['client'];
  /** Where its machines are: EC2 is not the emulator's. */
  ec2_url: string;
  /** Who registered first. */
  admin: Person;
}

declare module 'vitest' {
  interface ProvidedContext {
    stack: SharedStack;
  }
}

/** All tests call from one address, so the hourly limits are out of their way; limits have tests of their own. */
const limits = JSON.stringify({ user: 100_000, anonymous: 100_000, sign_in: 100_000 });

let stack: TestStack | undefined;

/** Who registers first in a fresh stack. A kept one (KEEP_STACK=1) has its admin already, who signs in anew. */
async function findAdmin({ settings, endpoints }: TestStack): Promise<Person> {
  const http = createHttp(endpoints.base_url);
  const file = join(settings.dir, 'admin.json');
  if (existsSync(file)) return signIn(http, JSON.parse(readFileSync(file, 'utf8')) as Person);
  const admin = await register(http, 'admin');
  writeFileSync(file, JSON.stringify(admin));
  return admin;
}

export async function setup({ provide }: TestProject): Promise<void> {
  stack = await startStack({ dir: ownFolder('.local-test'), context: { limits } });
  try {
    const admin = await findAdmin(stack);
    const { endpoints, outputs, client, settings } = stack;
    provide('stack', { ...endpoints, outputs, client, ec2_url: ec2Url(settings), admin });
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

export const teardown = async (): Promise<void> => stack?.stop();
