import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { absent, all, equals, exists, type Table } from '../../../functions/platform/table/index.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';

let backend: Backend;
let table: Table;
beforeAll(async () => {
  backend = await startBackend();
  ({ table } = backend);
}, 60_000);
afterAll(() => backend?.stop());

const refuse = () => new Error('refused');
const at = (sk: string) => ({ pk: 'EXPRESSIONS', sk });

describe('the table', () => {
  it('keeps texts, numbers, booleans, null, lists, maps, sets and bytes', async () => {
    const item = {
      ...at('types'),
      text: '한국',
      number: -1.5,
      yes: true,
      nothing: null,
      list: [1, 'a', { deep: [] }],
      map: { a: { b: 1 } },
      texts: new Set(['a', 'b']),
      numbers: new Set([1, 2]),
      bytes: Uint8Array.of(0, 255),
    };
    await table.write({ put: { ...item, gone: undefined } });
    expect(await table.get(item)).toEqual(item);
  });

  it('takes a condition and a change that share names, reserved words and paths', async () => {
    const put = { ...at('paths'), name: 'a', status: 'on', version: 1, ss: { 's-1': 'x' } };
    await table.write({ put });
    const condition = all(exists, equals('version', 1), { text: 'attribute_exists(ss.#sid)', names: { sid: 's-1' } });
    const change = {
      text: 'SET #name = :name, #version = :version REMOVE ss.#sid ADD #count :one',
      values: { name: 'b', version: 2, one: 1 },
      names: { sid: 's-1' },
    };
    expect(await table.write({ update: put, change, condition, otherwise: refuse }, 'new')).toEqual({
      ...put,
      name: 'b',
      version: 2,
      count: 1,
      ss: {},
    });
    await expect(table.write({ update: put, change, condition, otherwise: refuse })).rejects.toThrow('refused');
  });

  it('hands the item as it was to the one who refuses, in a plain write and in a transaction', async () => {
    const put = { ...at('old'), owner: 'me' };
    await table.write({ put });
    const seen: unknown[] = [];
    const otherwise = (old: unknown) => {
      seen.push(old);
      return refuse();
    };
    await expect(table.write({ put, condition: absent, otherwise })).rejects.toThrow('refused');
    await expect(table.transact([{ put: at('other') }, { put, condition: absent, otherwise }])).rejects.toThrow(
      'refused',
    );
    await expect(table.write({ delete: at('never there'), condition: exists, otherwise })).rejects.toThrow('refused');
    expect(seen).toEqual([put, put, undefined]);
    expect(await table.get(at('other'))).toBeUndefined();
  });

  it('writes all kinds in one transaction, or none', async () => {
    const [kept, changed, removed] = [at('t-kept'), { ...at('t-changed'), n: 1 }, at('t-removed')];
    for (const put of [kept, changed, removed]) await table.write({ put });
    const writes = (n: number) => [
      { put: { ...at('t-new'), by: n }, condition: absent, otherwise: refuse },
      {
        update: changed,
        change: { text: 'ADD #n :one', values: { one: 1 } },
        condition: equals('n', n),
        otherwise: refuse,
      },
      { delete: removed },
      { check: kept, condition: exists, otherwise: refuse },
    ];
    await expect(table.transact(writes(5))).rejects.toThrow('refused');
    expect(await table.getMany([changed, removed, at('t-new')])).toEqual([changed, removed]);
    await table.transact(writes(1));
    expect(await table.getMany([changed, removed, at('t-new')])).toEqual([
      { ...changed, n: 2 },
      { ...at('t-new'), by: 1 },
    ]);
  });

  it('does a transaction with one token once', async () => {
    const write = { update: at('once'), change: { text: 'ADD #n :one', values: { one: 1 } } };
    await table.transact([write], 'token-1');
    await table.transact([write], 'token-1');
    await table.transact([write], 'token-2');
    expect(await table.get(at('once'))).toMatchObject({ n: 2 });
  });

  it('gets many more items than a batch holds', async () => {
    const keys = Array.from({ length: 130 }, (_, index) => ({ pk: 'MANY', sk: String(index) }));
    for (let start = 0; start < keys.length; start += 100) {
      await table.transact(keys.slice(start, start + 100).map((put) => ({ put })));
    }
    expect(await table.getMany([...keys, at('not there')])).toEqual(keys);
  });
});
