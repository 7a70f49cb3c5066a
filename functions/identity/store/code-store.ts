import { absent, all, equals } from '../../platform/table/fragment.ts';
import type { Fragment, PlainWrite, Table } from '../../platform/table/types.ts';
import { type Code, mostTries } from '../domain/code.ts';
import { CodeMoved, type CodeStore } from '../ports.ts';
import { codeFrom, toCodeItem } from './code-item.ts';
import { codeKey, userKey } from './keys.ts';
import { userFrom } from './user-store.ts';

const otherwise = () => new CodeMoved();

const bearsMore: Fragment = { text: '#tries < :most', values: { most: mostTries } };

/** Of a wish that is not there it fails, at the same cost. */
const countTry = (userId: string, { purpose, nonce }: Pick<Code, 'purpose' | 'nonce'>): PlainWrite => ({
  update: codeKey(userId, purpose),
  change: { text: 'ADD #tries :one', values: { one: 1 } },
  condition: all(equals('nonce', nonce), bearsMore),
  otherwise,
});

const asRead = ({ nonce, hash }: Code) => ({
  condition: all(equals('nonce', nonce), equals('hash', hash), bearsMore),
  otherwise,
});

/**
 * A wrong code is counted by a condition, and so is what spends the right one: of any number of codes that are tried at once, no more than `mostTries`
 * wrong ones come before the right one that is taken.
 */
export const createCodeStore = (table: Table): CodeStore => ({
  async load(userId, purposes) {
    const items = await table.getMany([userKey(userId), ...purposes.map((purpose) => codeKey(userId, purpose))]);
    const user = items.find(({ sk }) => sk === 'USER');
    return { user: user && userFrom(user), codes: items.filter((item) => item !== user).map(codeFrom) };
  },

  ask: (code, before) => ({
    put: toCodeItem(code),
    condition: before === undefined ? absent : equals('nonce', before.nonce),
    otherwise,
  }),

  async countTry(userId, codes) {
    const counted = codes.length > 0 ? codes : [{ purpose: 'reset_password', nonce: 'none' } as const];
    await Promise.all(
      counted.map((code) =>
        table.write(countTry(userId, code)).catch((error: unknown) => {
          if (!(error instanceof CodeMoved)) throw error;
        }),
      ),
    );
  },

  hold: (code) => ({ check: codeKey(code.user_id, code.purpose), ...asRead(code) }),

  spend: (code) => ({ delete: codeKey(code.user_id, code.purpose), was: toCodeItem(code), ...asRead(code) }),

  drop: (userId, purpose) => ({ delete: codeKey(userId, purpose) }),
});
