import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bundle.ts';
import type { Context } from './settings.ts';

/** What the CDK's command line would hand to the app: cdk.json's context, and over it each `-c name=value` or `--context name=value`. */
export function readContext(args: readonly string[]): Context {
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };
  const given = args.flatMap((arg, index) => {
    const pair = arg === '-c' || arg === '--context' ? args[index + 1] : arg.match(/^--context=(.*)$/)?.[1];
    const at = pair?.indexOf('=') ?? -1;
    return pair === undefined || at < 1 ? [] : [[pair.slice(0, at), pair.slice(at + 1)]];
  });
  const values: Record<string, unknown> = { ...context, ...Object.fromEntries(given) };
  return { tryGetContext: (name) => values[name] };
}
