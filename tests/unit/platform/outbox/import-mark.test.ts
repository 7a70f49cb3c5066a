import { expect, it } from 'vitest';
import { userFrom } from '../../../../functions/identity/store/user-store.ts';
import { fromItem } from '../../../../functions/workspaces/store/workspace-store.ts';

const item = { pk: 'P', sk: 'S', type: 'any', id: 'a', version: 1, imported: '2026-01-31T09:30:00.000Z' };

it.each([
  ['a user', userFrom],
  ['a workspace', fromItem],
])('the mark of an import is not read as part of %s, so it is not written back', (_, read) => {
  expect(read(item)).toMatchObject({ id: 'a', version: 1 });
  expect(read(item)).not.toHaveProperty('imported');
});
