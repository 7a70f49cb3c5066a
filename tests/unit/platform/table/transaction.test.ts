import { describe, expect, it } from 'vitest';
import { conflict, notFound } from '../../../../contracts/errors.ts';
import { runMetered } from '../../../../functions/platform/meter.ts';
import { absent, equals, exists, type Write } from '../../../../functions/platform/table/index.ts';
import { answerTimeout, awsError } from '../../../support/aws-errors.ts';
import { cancelled, scriptTable } from './scripted-table.ts';

const at = (sk: string) => ({ pk: 'A', sk });
const named = (name: string) => () => new Error(name);

const put: Write = { put: at('1'), condition: absent, otherwise: named('put') };
const update: Write = {
  update: at('2'),
  change: { text: 'ADD #n :one', values: { one: 1 } },
  condition: exists,
  otherwise: named('update'),
};
const remove: Write = { delete: at('3'), condition: exists, otherwise: named('delete') };
const check: Write = { check: at('4'), condition: equals('state', 'on'), otherwise: named('check') };
const record: Write = { put: at('5'), condition: absent, otherwise: named('replay'), priority: true };
const plain: Write = { put: at('6') };

const failed = 'ConditionalCheckFailed';
const busy = 'TransactionConflict';

describe('a transaction', () => {
  it('sends each write as its kind, with a condition where it has one', async () => {
    const { table, inputs } = scriptTable([{}]);
    await table.transact([put, update, remove, check, plain]);
    expect(inputs[0]?.TransactItems).toMatchObject([
      { Put: { ConditionExpression: 'attribute_not_exists(#pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
      { Update: { UpdateExpression: 'ADD #n :one', ExpressionAttributeNames: { '#n': 'n', '#pk': 'pk' } } },
      { Delete: { Key: { pk: { S: 'A' }, sk: { S: '3' } } } },
      { ConditionCheck: { ConditionExpression: '#state = :is_state', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
      { Put: expect.not.objectContaining({ ConditionExpression: expect.anything() }) },
    ]);
  });

  it('takes 1 to 100 writes', async () => {
    const { table, inputs } = scriptTable([]);
    await expect(table.transact([])).rejects.toThrow('cannot write a transaction of 0 writes');
    await expect(table.transact(Array(101).fill(plain))).rejects.toThrow('cannot write a transaction of 101 writes');
    expect(inputs).toEqual([]);
  });

  it.each([
    ['put', [put, plain]],
    ['update', [update, plain]],
    ['delete', [remove, plain]],
    ['check', [check, plain]],
  ])('is refused by the guard of its %s, with the item as it was', async (name, writes) => {
    const old = { ...at('x'), n: 3 };
    const { table } = scriptTable([cancelled([failed, old], 'None')]);
    const guarded = {
      ...writes[0],
      otherwise: (item: unknown) => conflict('thing.taken' as never, { data: { name, item } }),
    } as Write;
    await expect(table.transact([guarded, plain])).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { name, item: old },
    });
  });

  it('is refused by the first guard that failed, but by a priority one before all', async () => {
    await expect(scriptTable([cancelled('None', failed, failed)]).table.transact([put, update, check])).rejects.toThrow(
      'update',
    );
    await expect(
      scriptTable([cancelled(failed, failed, failed)]).table.transact([put, update, record]),
    ).rejects.toThrow('replay');
  });

  it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'is tried again with the same token after %s, whichever write met it',
    async (code) => {
      const kinds = [put, update, remove, check];
      for (const [index] of kinds.entries()) {
        const reasons = kinds.map((_, other) => (other === index ? code : 'None'));
        const { table, inputs } = scriptTable([cancelled(...reasons), cancelled(...reasons), {}]);
        await table.transact(kinds);
        expect(inputs).toHaveLength(3);
        expect(new Set(inputs.map(({ ClientRequestToken }) => ClientRequestToken)).size).toBe(1);
      }
    },
  );

  it.each([
    ['conflicts', cancelled(busy, 'None')],
    ['throttling', awsError('ThrottlingException')],
    ['a repeat that is in progress', awsError('TransactionInProgressException')],
    ['lost answers', answerTimeout()],
  ])('is unavailable, never a domain error, when there are only %s', async (_, error) => {
    const { table, inputs } = scriptTable([error], { repeat: true });
    await expect(table.transact([put, plain])).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      retryAfterSeconds: 2,
    });
    expect(inputs).toHaveLength(6);
  });

  it('is refused at once by a guard that failed beside a conflict', async () => {
    const { table, inputs } = scriptTable([cancelled(failed, busy)]);
    await expect(table.transact([put, update])).rejects.toThrow('put');
    expect(inputs).toHaveLength(1);
  });

  it('waits for the verdict of a priority write that is busy, though another guard failed', async () => {
    const { table, inputs } = scriptTable([cancelled(failed, busy), cancelled(failed, failed)]);
    await expect(table.transact([put, record])).rejects.toThrow('replay');
    expect(inputs).toHaveLength(2);
  });

  it('is refused by a guard that fails after a lost answer: the token tells its own effect', async () => {
    const { table } = scriptTable([answerTimeout(), cancelled([failed, at('1')], 'None')]);
    await expect(table.transact([put, plain])).rejects.toThrow('put');
  });

  it('uses the token it is given, or one of its own for each call', async () => {
    const { table, inputs } = scriptTable([{}, {}, {}]);
    await table.transact([plain], 'mine');
    await table.transact([plain]);
    await table.transact([plain]);
    const tokens = inputs.map(({ ClientRequestToken }) => ClientRequestToken);
    expect(tokens[0]).toBe('mine');
    expect(new Set(tokens).size).toBe(3);
  });

  it('throws a cancellation for what no try can mend as it is', async () => {
    const error = cancelled('ValidationError', busy);
    const { table } = scriptTable([error]);
    await expect(table.transact([plain, put])).rejects.toBe(error);
  });

  it('is refused by a guard that failed beside a write that did not fit the item', async () => {
    const { table } = scriptTable([cancelled('ValidationError', failed)]);
    await expect(table.transact([plain, put])).rejects.toThrow('put');
  });

  it('makes nothing of a guard that did not fail', async () => {
    const refuse: Write = { ...check, otherwise: () => notFound() };
    const { table } = scriptTable([cancelled('None', failed)]);
    await expect(table.transact([refuse, put])).rejects.toThrow('put');
  });
});

describe('the meter of a transaction', () => {
  const wcu = (steps: (object | Error)[], writes: Write[]) =>
    runMetered(async (meter) => {
      await scriptTable(steps)
        .table.transact(writes)
        .catch(() => undefined);
      return [meter.read('trips'), meter.read('wcu')];
    });

  it('bills twice a plain write for each write, a check too', async () => {
    expect(await wcu([{}], [put, update, remove, check])).toEqual([1, 8]);
  });

  it('bills an index row once', async () => {
    expect(await wcu([{}], [{ put: { ...at('1'), gsi1pk: 'x', gsi1sk: 'y' } }])).toEqual([1, 3]);
    expect(await wcu([{}], [{ update: at('1'), change: { text: 'SET #gsi1sk = :x', values: { x: 'z' } } }])).toEqual([
      1, 3,
    ]);
  });

  it('bills an update by the item as it was read, when it is told', async () => {
    const was = { ...at('2'), text: 'x'.repeat(2500), gsi1pk: 'x', gsi1sk: 'y' };
    expect(await wcu([{}], [{ ...update, was }])).toEqual([1, 6 + 3]);
  });

  it('bills what was cancelled by a condition, with the items that failed it, but for the index', async () => {
    const big = { ...at('1'), text: 'x'.repeat(2500) };
    expect(
      await wcu([cancelled([failed, big], 'None')], [put, { put: { ...at('2'), gsi1pk: 'x', gsi1sk: 'y' } }]),
    ).toEqual([1, 6 + 2]);
  });

  it('bills each try that conflicted, but none that was throttled', async () => {
    expect(await wcu([cancelled(busy, 'None'), {}], [put, plain])).toEqual([2, 8]);
    expect(
      await wcu([cancelled('ThrottlingError', 'None'), awsError('ThrottlingException'), {}], [put, plain]),
    ).toEqual([3, 4]);
  });
});
