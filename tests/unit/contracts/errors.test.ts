import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorStatus } from '../../../contracts/errors.ts';

const root = join(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const page = read('docs/errors.md');

/** The first cells of the table under a heading. */
const rowsUnder = (heading: string) => {
  const [, section = ''] = page.split(`## ${heading}\n`);
  return [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)` \| (?:`(\w+)`|(\d+))/gm)].map(
    ([, name, code, status]) => [name, code ?? Number(status)],
  );
};

describe('docs/errors.md', () => {
  it('has the eight codes with their statuses', () => {
    expect(Object.fromEntries(rowsUnder('The eight codes'))).toEqual(errorStatus);
  });

  it('has every reason that a refusal can give, and no other', () => {
    const sources = globSync(['functions/**/*.ts', 'contracts/**/*.ts'], { cwd: root }).map(read);
    const given = sources.flatMap((source) =>
      [...source.matchAll(/data[^\n]*\breason: '([A-Z_]+)'/g)].map(([, reason]) => reason),
    );
    expect(given.length).toBeGreaterThan(0);
    expect(
      rowsUnder('Reasons')
        .map(([reason]) => reason)
        .toSorted(),
    ).toEqual([...new Set(given)].toSorted());
  });
});
