import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { type Meter, runMetered } from '../../../../functions/platform/meter.ts';
import { answerTimeout, awsError } from '../../../support/aws-errors.ts';
import { scriptTable } from './scripted-table.ts';

const row = (sk: string, more: object = {}) => ({ pk: 'A', sk, ...more });
const page = (rows: object[], last?: object) => ({
  Items: rows.map((item) => marshall(item)),
  Count: rows.length,
  ...(last && { LastEvaluatedKey: marshall(last) }),
});
const spent = (meter: Meter) => ({ trips: meter.read('trips'), rcu: meter.read('rcu') });

describe('get', () => {
  it('reads consistently unless it is told otherwise, and bills half then', async () => {
    const { table, inputs } = scriptTable([{ Item: marshall(row('1', { n: 1 })) }, {}]);
    const cost = await runMetered(async (meter) => {
      expect(await table.get(row('1'))).toEqual(row('1', { n: 1 }));
      expect(await table.get(row('2'), { consistent: false })).toBeUndefined();
      return spent(meter);
    });
    expect(inputs.map(({ ConsistentRead }) => ConsistentRead)).toEqual([true, false]);
    expect(cost).toEqual({ trips: 2, rcu: 1.5 });
  });

  it('is tried again, lost answers too', async () => {
    const { table } = scriptTable([answerTimeout(), awsError('ThrottlingException'), {}]);
    await runMetered(async (meter) => {
      await table.get(row('1'));
      expect(spent(meter)).toEqual({ trips: 3, rcu: 1 });
    });
  });
});

describe('getMany', () => {
  const keys = Array.from({ length: 150 }, (_, index) => row(String(index)));
  const answer = (rows: object[], left: object[] = []) => ({
    Responses: { things: rows.map((item) => marshall(item)) },
    ...(left.length > 0 && { UnprocessedKeys: { things: { Keys: left.map((item) => marshall(item)) } } }),
  });

  it('asks for 100 keys a trip, each once, and answers in their order', async () => {
    const { table, inputs } = scriptTable([
      answer(keys.slice(0, 100).toReversed()),
      answer(keys.slice(100).toReversed()),
    ]);
    expect(await table.getMany([...keys, ...keys])).toEqual(keys);
    const asked = inputs.map(({ RequestItems }) => (RequestItems as { things: { Keys: object[] } }).things.Keys.length);
    expect(asked).toEqual([100, 50]);
  });

  it('leaves out what is not there, which is billed all the same', async () => {
    const { table } = scriptTable([answer([row('2', { text: 'x'.repeat(5000) })])]);
    await runMetered(async (meter) => {
      expect(await table.getMany([row('1'), row('2')])).toHaveLength(1);
      expect(spent(meter)).toEqual({ trips: 1, rcu: 3 });
    });
  });

  it('asks again for what was left unprocessed, after a wait', async () => {
    const { table, inputs, waits } = scriptTable([answer([row('1')], [row('2')]), answer([row('2')])]);
    expect(await table.getMany([row('1'), row('2')])).toEqual([row('1'), row('2')]);
    expect(inputs[1]).toMatchObject({ RequestItems: { things: { Keys: [marshall(row('2'))] } } });
    expect(waits).toHaveLength(1);
  });

  it('is unavailable when some stays unprocessed', async () => {
    const { table, inputs } = scriptTable([answer([], [row('1')])], { repeat: true });
    await expect(table.getMany([row('1')])).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(inputs).toHaveLength(6);
  });

  it('needs no trip for no keys', async () => {
    expect(await scriptTable([]).table.getMany([])).toEqual([]);
  });
});

describe('query', () => {
  it.each([
    [{}, '#pk = :pk', {}],
    [{ prefix: 'VM#' }, '#pk = :pk AND begins_with(#sk, :prefix)', { ':prefix': 'VM#' }],
    [{ from: 'a', to: 'b' }, '#pk = :pk AND #sk BETWEEN :from AND :to', { ':from': 'a', ':to': 'b' }],
    [{ from: 'a' }, '#pk = :pk AND #sk >= :from', { ':from': 'a' }],
    [{ to: 'b' }, '#pk = :pk AND #sk <= :to', { ':to': 'b' }],
  ])('by %j sends its condition and nothing unused', async (range, text, values) => {
    const { table, inputs } = scriptTable([page([])]);
    await table.query({ pk: 'A', ...range });
    expect(inputs[0]).toMatchObject({ KeyConditionExpression: text, ConsistentRead: true, ScanIndexForward: true });
    expect(inputs[0]?.ExpressionAttributeValues).toEqual(marshall({ ':pk': 'A', ...values }));
  });

  it("of the index is eventually consistent, by the index's keys", async () => {
    const { table, inputs } = scriptTable([page([row('1')])]);
    await runMetered(async (meter) => {
      await table.query({ pk: 'G', index: 'gsi1', prefix: 'x', descending: true, limit: 5, consistent: true });
      expect(spent(meter)).toEqual({ trips: 1, rcu: 0.5 });
    });
    expect(inputs[0]).toMatchObject({
      IndexName: 'gsi1',
      ConsistentRead: false,
      ScanIndexForward: false,
      Limit: 5,
      ExpressionAttributeNames: { '#pk': 'gsi1pk', '#sk': 'gsi1sk' },
    });
  });

  it('goes on after a position, in its own partition whatever the position says', async () => {
    const { table, inputs } = scriptTable([page([row('1')], row('1')), page([])]);
    const { next } = await table.query({ pk: 'A', limit: 1 });
    expect(next).toEqual(row('1'));
    await table.query({ pk: 'A', after: { pk: 'of somebody else', sk: '1' } });
    expect(inputs[1]?.ExclusiveStartKey).toEqual(marshall(row('1')));
  });

  it('with a start outside of its bounds is an invalid cursor, other refusals are ours', async () => {
    const outside = Object.assign(awsError('ValidationException'), {
      message: 'The provided starting key is outside query boundaries based on provided conditions',
    });
    await expect(scriptTable([outside]).table.query({ pk: 'A', after: { sk: 'x' } })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
    });
    const other = awsError('ValidationException');
    await expect(scriptTable([other]).table.query({ pk: 'A', after: { sk: 'x' } })).rejects.toBe(other);
  });

  it('of a range that ends before it begins is empty, without a trip', async () => {
    expect(await scriptTable([]).table.query({ pk: 'A', from: 'b', to: 'a' })).toEqual({ items: [], count: 0 });
  });

  it('by prefix and range at once is an error of ours', async () => {
    await expect(scriptTable([]).table.query({ pk: 'A', prefix: 'a', to: 'b' })).rejects.toThrow(TypeError);
  });

  it('bills the bytes of a page together', async () => {
    const { table } = scriptTable([page([row('1', { text: 'x'.repeat(3000) }), row('2', { text: 'x'.repeat(3000) })])]);
    await runMetered(async (meter) => {
      await table.query({ pk: 'A' });
      expect(spent(meter)).toEqual({ trips: 1, rcu: 2 });
    });
  });
});

describe('queryAll', () => {
  it('reads page after page', async () => {
    const { table, inputs } = scriptTable([page([row('1')], row('1')), page([], row('1')), page([row('2')])]);
    expect(await table.queryAll({ pk: 'A' })).toEqual([row('1'), row('2')]);
    expect(inputs).toHaveLength(3);
  });

  it('stops at the limit it is given', async () => {
    const { table, inputs } = scriptTable([page([row('1')], row('1')), page([row('2')], row('2'))]);
    expect(await table.queryAll({ pk: 'A', limit: 2 })).toHaveLength(2);
    expect(inputs.map(({ Limit }) => Limit)).toEqual([2, 1]);
  });

  it('is an error when there are more rows than its cap, never a part of them', async () => {
    const { table, inputs } = scriptTable([page([row('1'), row('2'), row('3')], row('3'))]);
    await expect(table.queryAll({ pk: 'A' }, 2)).rejects.toThrow('cannot read all of A: it has more than 2 rows');
    expect(inputs[0]?.Limit).toBe(3);
  });
});

describe('count', () => {
  const counted = (rows: number, last?: object) => ({
    Count: rows,
    ConsumedCapacity: { CapacityUnits: 2.5 },
    ...(last && { LastEvaluatedKey: marshall(last) }),
  });

  it('adds pages, and bills what the service says, which alone saw the rows', async () => {
    const { table, inputs } = scriptTable([counted(7, row('7')), counted(3)]);
    await runMetered(async (meter) => {
      expect(await table.count({ pk: 'A' })).toBe(10);
      expect(spent(meter)).toEqual({ trips: 2, rcu: 5 });
    });
    expect(inputs[0]).toMatchObject({ Select: 'COUNT' });
  });

  it('stops at its limit', async () => {
    const { table, inputs } = scriptTable([counted(7, row('7')), counted(3, row('10'))]);
    expect(await table.count({ pk: 'A', limit: 10 })).toBe(10);
    expect(inputs.map(({ Limit }) => Limit)).toEqual([10, 3]);
  });
});
