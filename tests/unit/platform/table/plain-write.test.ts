import { describe, expect, it } from 'vitest';
import { runMetered } from '../../../../functions/platform/meter.ts';
import { absent, equals, exists, type Item, type PlainWrite } from '../../../../functions/platform/table/index.ts';
import { answerTimeout, awsError, networkError } from '../../../support/aws-errors.ts';
import { conditionFailed, scriptTable } from './scripted-table.ts';

const at = { pk: 'A', sk: '1' };

class Refused extends Error {
  readonly old: Item | undefined;
  constructor(old: Item | undefined) {
    super('refused');
    this.old = old;
  }
}
const otherwise = (old: Item | undefined) => new Refused(old);

const writes: [string, PlainWrite][] = [
  ['PutItem', { put: { ...at, n: 1 }, condition: absent, otherwise }],
  [
    'UpdateItem',
    { update: at, change: { text: 'SET #n = :n', values: { n: 2 } }, condition: equals('n', 1), otherwise },
  ],
  ['DeleteItem', { delete: at, condition: exists, otherwise }],
];

/** What may fail for a moment, without the effect. */
const passing = [
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'TransactionConflictException',
  'RequestLimitExceeded',
];

describe.each(writes)('%s', (command, write) => {
  it('asks for the item before it in every failure, and for what the meter bills by', async () => {
    const { table, inputs, commands } = scriptTable([{}]);
    await table.write(write);
    expect(commands).toEqual([command]);
    expect(inputs[0]).toMatchObject({
      TableName: 'things',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ReturnValues: expect.stringMatching(/^ALL_/),
    });
  });

  it.each(passing)('goes through after %s', async (name) => {
    const { table, inputs, waits } = scriptTable([awsError(name), awsError(name), {}]);
    const trips = await runMetered(async (meter) => {
      await table.write(write);
      return meter.read('trips');
    });
    expect(inputs).toHaveLength(3);
    expect(waits).toHaveLength(2);
    expect(trips).toBe(3);
  });

  it.each(passing)('is unavailable when %s stays', async (name) => {
    const { table, inputs } = scriptTable([awsError(name)], { repeat: true });
    await expect(table.write(write)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 2 });
    expect(inputs).toHaveLength(6);
  });

  it('is refused by the domain when its condition fails, with the item as it was', async () => {
    const { table, inputs } = scriptTable([conditionFailed({ ...at, n: 7 })]);
    await expect(table.write(write)).rejects.toEqual(new Refused({ ...at, n: 7 }));
    expect(inputs).toHaveLength(1);
  });

  it('is refused by the domain also when tries before had no effect', async () => {
    const { table } = scriptTable([
      awsError('TransactionConflictException'),
      networkError('ECONNREFUSED', 'connect'),
      conditionFailed(),
    ]);
    await expect(table.write(write)).rejects.toEqual(new Refused(undefined));
  });

  it.each([
    ['a timeout', answerTimeout()],
    ['a reset', networkError('ECONNRESET')],
    ['a 500', awsError('InternalServerError', 500)],
  ])(
    'is unavailable, not refused, when its condition fails after %s: the first try may have done it',
    async (_, lost) => {
      const { table, inputs } = scriptTable([lost, conditionFailed({ ...at, n: 2 })]);
      await expect(table.write(write)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
      expect(inputs).toHaveLength(2);
    },
  );

  it('throws what is no matter of chance as it is', async () => {
    const error = awsError('ValidationException');
    const { table } = scriptTable([error]);
    await expect(table.write(write)).rejects.toBe(error);
  });
});

describe('a plain write', () => {
  const before = { pk: { S: 'A' }, sk: { S: '1' }, n: { N: '1' } };

  it('answers the item before it or after it when asked to', async () => {
    const put = { put: { ...at, n: 2 } };
    expect(await scriptTable([{ Attributes: before }]).table.write(put)).toBeUndefined();
    expect(await scriptTable([{ Attributes: before }]).table.write(put, 'old')).toEqual({ ...at, n: 1 });
    expect(await scriptTable([{ Attributes: before }]).table.write(put, 'new')).toEqual({ ...at, n: 2 });
    expect(await scriptTable([{ Attributes: before }]).table.write({ delete: at }, 'old')).toEqual({ ...at, n: 1 });
    expect(await scriptTable([{ Attributes: before }]).table.write({ delete: at }, 'new')).toBeUndefined();
    const update = { update: at, change: { text: 'REMOVE #n' } };
    const asked = scriptTable([{ Attributes: before }, { Attributes: before }]);
    await asked.table.write(update, 'old');
    expect(await asked.table.write(update, 'new')).toEqual({ ...at, n: 1 });
    expect(asked.inputs.map(({ ReturnValues }) => ReturnValues)).toEqual(['ALL_OLD', 'ALL_NEW']);
  });

  it('sends of a key only the key, though it is handed an item', async () => {
    const { table, inputs } = scriptTable([{}, {}]);
    const item = { ...at, n: 1, name: 'x' };
    await table.write({ delete: item });
    await table.write({ update: item, change: { text: 'REMOVE #n' } });
    expect(inputs.map(({ Key }) => Key)).toEqual(Array(2).fill({ pk: { S: 'A' }, sk: { S: '1' } }));
  });

  it('drops undefined attributes and keeps bytes and sets', async () => {
    const { table, inputs } = scriptTable([{}]);
    await table.write({ put: { ...at, gone: undefined, bytes: Uint8Array.of(1), names: new Set(['x']) } });
    expect(inputs[0]?.Item).toEqual({
      pk: { S: 'A' },
      sk: { S: '1' },
      bytes: { B: Uint8Array.of(1) },
      names: { SS: ['x'] },
    });
  });
});
