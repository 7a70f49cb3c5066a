import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hashFiles, hashInputs } from '../../../local/deploy/inputs.ts';

let app: string;
beforeEach(() => {
  app = mkdtempSync(join(tmpdir(), 'skyclust-inputs-'));
  mkdirSync(join(app, 'infra/stacks'), { recursive: true });
  writeFileSync(join(app, 'infra/stacks/core.ts'), 'one');
  writeFileSync(join(app, 'cdk.json'), '{}');
});
afterEach(() => rmSync(app, { recursive: true, force: true }));

it('the hash of a deployment follows contents, names and settings', () => {
  const first = hashInputs(app, { stage: 'local' });
  expect(hashInputs(app, { stage: 'local' })).toBe(first);
  expect(hashInputs(app, { stage: 'other' })).not.toBe(first);
  writeFileSync(join(app, 'infra/stacks/core.ts'), 'two');
  const second = hashInputs(app, { stage: 'local' });
  expect(second).not.toBe(first);
  rmSync(join(app, 'infra/stacks/core.ts'));
  writeFileSync(join(app, 'infra/stacks/edge.ts'), 'two');
  expect(hashInputs(app, { stage: 'local' })).not.toBe(second);
});

it('it does not follow what a deployment is not made of', () => {
  const before = hashInputs(app, null);
  writeFileSync(join(app, 'notes.md'), 'text');
  expect(hashInputs(app, null)).toBe(before);
});

it("it does not follow Python's caches, which the first start writes", () => {
  const before = hashFiles(app, ['infra']);
  mkdirSync(join(app, 'infra/__pycache__'));
  writeFileSync(join(app, 'infra/__pycache__/a.pyc'), 'compiled');
  expect(hashFiles(app, ['infra'])).toBe(before);
});
