import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { footingOf, sortTests } from '../../support/sort-tests.ts';

const root = join(import.meta.dirname, '../../..');

describe('the projects of the integration tests', () => {
  const { deployed, 'own-stack': ownStack, 'in-process': inProcess } = sortTests(root);

  it('have each file once', () => {
    const all = globSync('tests/integration/**/*.test.ts', { cwd: root });
    expect([...deployed, ...ownStack, ...inProcess].toSorted()).toEqual(all.toSorted());
  });

  it('keep apart what shares the deployed stack and what starts one, itself or by what it imports', () => {
    expect(deployed).toContain('tests/integration/matrix/matrix.test.ts');
    expect(ownStack).toContain('tests/integration/local/commands.test.ts');
    expect(ownStack).toContain('tests/integration/bad-days/bad-days.test.ts');
    expect(inProcess).toContain('tests/integration/workspaces/workspaces.test.ts');
  });

  it('tell a file by what it asks for', () => {
    expect(footingOf("const { outputs } = inject('stack');")).toBe('deployed');
    expect(footingOf('const stack = await startStack({ dir });')).toBe('own-stack');
    expect(footingOf('place = await makePlace();')).toBe('own-stack');
    expect(footingOf('backend = await startBackend();')).toBe('in-process');
  });
});
