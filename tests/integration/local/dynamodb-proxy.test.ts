import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DynamodbProxy, startDynamodbProxy } from '../../support/dynamodb-proxy.ts';
import { type Emulator, startEmulator } from '../../support/emulator.ts';
import { until } from '../../support/until.ts';

const TableName = 'faults';

describe('the DynamoDB that fails on demand', () => {
  let emulator: Emulator;
  let proxy: DynamodbProxy;
  let direct: DynamoDBClient;
  let table: DynamoDBClient;
  beforeAll(async () => {
    emulator = await startEmulator();
    proxy = await startDynamodbProxy({ target: () => emulator.client.endpoint });
    direct = new DynamoDBClient(emulator.client);
    table = new DynamoDBClient({ ...emulator.client, endpoint: proxy.url, maxAttempts: 1 });
    const names = ['pk', 'sk'];
    await direct.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: names.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
        AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      }),
    );
  });
  afterEach(() => proxy.clear());
  afterAll(async () => {
    await proxy.stop();
    await emulator.stop();
  });

  const item = (pk: string) => ({ pk: { S: pk }, sk: { S: '-' } });
  const put = (pk: string) => table.send(new PutItemCommand({ TableName, Item: item(pk) }));
  const transact = (...pks: string[]) =>
    table.send(
      new TransactWriteItemsCommand({ TransactItems: pks.map((pk) => ({ Put: { TableName, Item: item(pk) } })) }),
    );
  const exists = async (pk: string) =>
    (await direct.send(new GetItemCommand({ TableName, Key: item(pk) }))).Item !== undefined;

  it('a transaction meets a conflict as the cancellation reason of the item the rule names', async () => {
    const rule = proxy.add({ fault: 'conflict', operation: 'TransactWriteItems', pk: 'b', times: 1 });
    await expect(transact('a', 'b')).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
    });
    expect(await exists('a')).toBe(false);
    await transact('a', 'b');
    expect(await exists('a')).toBe(true);
    expect(rule).toMatchObject({ fitted: 2, fired: 1 });
  });

  it('a single write meets it as TransactionConflictException', async () => {
    proxy.add({ fault: 'conflict', pk: /^single/ });
    await expect(put('single')).rejects.toMatchObject({ name: 'TransactionConflictException' });
    await put('other');
  });

  it.each([
    ['throttle', 'ThrottlingException', 400],
    ['throughput', 'ProvisionedThroughputExceededException', 400],
    ['error', 'InternalServerError', 500],
  ] as const)('%s is %s without effect', async (fault, name, httpStatusCode) => {
    proxy.add({ fault });
    await expect(put(fault)).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
    expect(await exists(fault)).toBe(false);
  });

  it('a dropped call has its effect when it is dropped after, and none when before', async () => {
    proxy.add({ fault: 'drop-before', pk: 'before' });
    proxy.add({ fault: 'drop-after', pk: 'after' });
    await expect(put('before')).rejects.toThrow();
    await expect(put('after')).rejects.toThrow();
    expect([await exists('before'), await exists('after')]).toEqual([false, true]);
  });

  it('a hanging call ends when its caller gives up', async () => {
    const rule = proxy.add({ fault: 'hang-after', operation: 'PutItem' });
    const caller = new AbortController();
    const sent = table.send(new PutItemCommand({ TableName, Item: item('hangs') }), { abortSignal: caller.signal });
    await Promise.all([
      expect(sent).rejects.toThrow(),
      until('it hangs', async () => rule.fired === 1 && (await exists('hangs'))).finally(() => caller.abort()),
    ]);
  });

  it('fires for the nth call that fits, of the table and key that are named', async () => {
    const rule = proxy.add({ fault: 'error', table: TableName, pk: 'nth', nth: [2, 4] });
    proxy.add({ fault: 'error', table: 'another' });
    const outcomes = [];
    for (let call = 0; call < 5; call++)
      outcomes.push(
        await put('nth').then(
          () => 'ok',
          () => 'failed',
        ),
      );
    expect(outcomes).toEqual(['ok', 'failed', 'ok', 'failed', 'ok']);
    expect(rule).toMatchObject({ fitted: 5, fired: 2 });
  });

  it('fires at each so many-th call, and counts calls and faults of all its rules', async () => {
    const own = await startDynamodbProxy({ target: emulator.client.endpoint });
    const client = new DynamoDBClient({ ...emulator.client, endpoint: own.url, maxAttempts: 1 });
    const rule = own.add({ fault: 'throttle', every: 3 });
    const outcomes = [];
    for (let call = 0; call < 9; call++)
      outcomes.push(
        await client.send(new PutItemCommand({ TableName, Item: item('p') })).then(
          () => '.',
          () => 'x',
        ),
      );
    expect(outcomes.join('')).toBe('..x..x..x');
    expect([own.fired(), rule.fired, own.calls.get('PutItem')]).toEqual([3, 3, 9]);
    client.destroy();
    await own.stop();
  });
});
