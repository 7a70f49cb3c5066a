import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unavailable } from '../../../contracts/errors.ts';
import { meter } from '../meter.ts';
import { judge } from '../retry/failure.ts';
import { type Attributes, toAttributes, toItemIfAny } from './attributes.ts';
import { indexUnits, indexUnitsOfUpdate, tableUnits } from './capacity.ts';
import type { Item, PlainWrite } from './types.ts';
import type { Wire } from './wire.ts';
import { imagesOf, namesIndexKey } from './write-bill.ts';
import { deleteInput, putInput, updateInput } from './write-input.ts';

type Side = 'old' | 'new';
type Options = { requestTimeout: number };

/**
 * One put, update or delete. The item is always asked back, which costs no capacity: it is what the meter bills by. A put
 * and a delete show the item on both sides of the write, so their bill is exact; an update shows one side, so its bill is
 * low by the KBs that it freed (or, asked for the old item, that it added).
 */
export async function writePlain(wire: Wire, write: PlainWrite, returning?: Side): Promise<Item | undefined> {
  const series = wire.begin();
  try {
    return await series.send((options) => tryOnce(wire, write, returning, options));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException) || !write.condition) throw error;
    if (series.lost) throw unavailable(1, error);
    throw write.otherwise(toItemIfAny(error.Item));
  }
}

async function tryOnce(wire: Wire, write: PlainWrite, returning: Side | undefined, options: Options) {
  meter().add('trips');
  try {
    if ('put' in write) return await put(wire, write, returning, options);
    if ('update' in write) return await update(wire, write, returning, options);
    return await remove(wire, write, returning, options);
  } catch (error) {
    billFailure(write, error);
    throw error;
  }
}

async function put(
  { client, tableName }: Wire,
  write: PlainWrite & { put: Item },
  returning: Side | undefined,
  options: Options,
) {
  const input = { ...putInput(tableName, write), ReturnValues: 'ALL_OLD' as const };
  const { Attributes: before } = await client.send(new PutItemCommand(input), options);
  bill(tableUnits(before, input.Item) + indexUnits(before, input.Item));
  return returning === 'new' ? write.put : returning && toItemIfAny(before);
}

async function update(
  { client, tableName }: Wire,
  write: Extract<PlainWrite, { update: unknown }>,
  returning: Side | undefined,
  options: Options,
) {
  const ReturnValues = returning === 'old' ? ('ALL_OLD' as const) : ('ALL_NEW' as const);
  const input = { ...updateInput(tableName, write), ReturnValues };
  const { Attributes: image } = await client.send(new UpdateItemCommand(input), options);
  const known: Attributes = image ?? toAttributes(write.update);
  bill(tableUnits(known, known) + indexUnitsOfUpdate(known, namesIndexKey(write.change)));
  return returning && toItemIfAny(image);
}

async function remove(
  { client, tableName }: Wire,
  write: Extract<PlainWrite, { delete: unknown }>,
  returning: Side | undefined,
  options: Options,
) {
  const input = { ...deleteInput(tableName, write), ReturnValues: 'ALL_OLD' as const };
  const { Attributes: before } = await client.send(new DeleteItemCommand(input), options);
  bill(tableUnits(before, undefined) + indexUnits(before, undefined));
  return returning === 'old' ? toItemIfAny(before) : undefined;
}

const bill = (units: number) => meter().add('wcu', units);

/** A failed condition and a conflict are billed as the write; so is one whose answer was lost, which may have been done. */
function billFailure(write: PlainWrite, error: unknown): void {
  const { before, after } = imagesOf(write);
  const old = error instanceof ConditionalCheckFailedException ? error.Item : undefined;
  const { name } = error instanceof Error ? error : { name: '' };
  const billed = name === 'ConditionalCheckFailedException' || name === 'TransactionConflictException';
  if (billed || judge(error) === 'lost') bill(tableUnits(old ?? before, after));
}
