import { describe, expect, it } from 'vitest';
import { codeChanged } from '../../../functions/identity/index.ts';
import type { Item } from '../../../functions/platform/table/types.ts';

const wish: Item = {
  pk: 'USER#u',
  sk: 'CODE#verify_email',
  type: 'code',
  user_id: 'u',
  purpose: 'verify_email',
  nonce: 'n1',
  language: 'ko',
  tries: 0,
};
const change = { type: 'code', id: 'stream-1', at: '2026-02-01T00:00:09.000Z' } as const;
const due = (nonce: string) => [{ notify: { type: 'code_due', user_id: 'u', purpose: 'verify_email', nonce } }];

describe('a change of a code', () => {
  it('that is a new wish makes its mail due, by ids alone', () => {
    expect(codeChanged({ ...change, event: 'INSERT', after: wish })).toEqual(due('n1'));
    expect(codeChanged({ ...change, event: 'MODIFY', before: wish, after: { ...wish, nonce: 'n2' } })).toEqual(
      due('n2'),
    );
  });

  it.each([{ hash: new Uint8Array(32), salt: new Uint8Array(16) }, { tries: 1 }])(
    'to %o is told to nobody',
    (given) => {
      expect(codeChanged({ ...change, event: 'MODIFY', before: wish, after: { ...wish, ...given } })).toEqual([]);
    },
  );

  it('that removes it is told to nobody', () => {
    expect(codeChanged({ ...change, event: 'REMOVE', before: wish })).toEqual([]);
  });
});
