import { absent, equals } from '../../platform/table/fragment.ts';
import type { Table } from '../../platform/table/types.ts';
import { CodeMoved, type CodeStore } from '../ports.ts';
import { codeFrom, toCodeItem } from './code-item.ts';
import { codeKey } from './keys.ts';

const moved = () => new CodeMoved();

export const createCodeStore = (table: Table): CodeStore => ({
  async find(userId, purpose) {
    const item = await table.get(codeKey(userId, purpose));
    return item && codeFrom(item);
  },

  ask: (code, before) => ({
    put: toCodeItem(code),
    condition: before === undefined ? absent : equals('nonce', before.nonce),
    otherwise: moved,
  }),
});
