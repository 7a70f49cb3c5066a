import type { SpawnOptions } from 'node:child_process';
export function run(
  file: string,
  args: readonly string[],
  options?: SpawnOptions & { tells?: RegExp },
): Promise<string>;
