import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** What a test file stands on, which says what it can run beside. */
export type Footing = 'deployed' | 'own-stack' | 'in-process';

const relativeImports = /\bfrom '(\.[^']*\.ts)'/g;

/** The file and all of tests/ that it reaches by imports that are not of types alone. */
function readReached(file: string, within: string, seen: Map<string, string>): string {
  const known = seen.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, 'utf8').replace(/^import type .*?;$/gms, '');
  seen.set(file, '');
  const reached = [...text.matchAll(relativeImports)]
    .map(([, path = '']) => resolve(dirname(file), path))
    .filter((path) => path.startsWith(within))
    .map((path) => readReached(path, within, seen));
  return [text, ...reached].join('\n');
}

/**
 * `deployed` asks for the stack that all such files share, so they run one after another. `own-stack` starts a whole
 * stack, or runs the commands that do. All else has what it needs in its own process, or in an emulator of its own.
 */
export function footingOf(text: string): Footing {
  if (/\binject\('stack'\)/.test(text)) return 'deployed';
  return /\b(await|return) (startStack|makePlace)\(/.test(text) ? 'own-stack' : 'in-process';
}

/** The integration tests by what they stand on, as paths from the root: a new file finds its place by itself. */
export function sortTests(root: string): Record<Footing, string[]> {
  const sorted: Record<Footing, string[]> = { deployed: [], 'own-stack': [], 'in-process': [] };
  const within = join(root, 'tests/');
  for (const file of globSync('tests/integration/**/*.test.ts', { cwd: root }).toSorted())
    sorted[footingOf(readReached(join(root, file), within, new Map()))].push(relative(root, join(root, file)));
  return sorted;
}
