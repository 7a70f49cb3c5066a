import { randomUUID } from 'node:crypto';
import {
  type CancellationReason,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { meter } from '../meter.ts';
import { type Failure, judge } from '../retry/failure.ts';
import { toItemIfAny } from './attributes.ts';
import type { Write } from './types.ts';
import type { Wire } from './wire.ts';
import { cancelledUnits, transactedUnits } from './write-bill.ts';
import { checkInput, deleteInput, putInput, updateInput } from './write-input.ts';

/** DynamoDB's limit. */
const mostWrites = 100;

const throttled = new Set(['ThrottlingError', 'ProvisionedThroughputExceeded']);

/**
 * One token serves all tries of a call: a try that was done after all is not done again, and the next one answers as if it
 * had been it. A cancelled transaction leaves nothing under its token and is tried afresh.
 */
export async function transact(wire: Wire, writes: readonly Write[], token: string = randomUUID()): Promise<void> {
  if (writes.length === 0 || writes.length > mostWrites) {
    throw new TypeError(`cannot write a transaction of ${writes.length} writes: it takes 1 to ${mostWrites}`);
  }
  const input = {
    ClientRequestToken: token,
    TransactItems: writes.map((write) => transactItem(wire.tableName, write)),
  };
  try {
    await wire.begin().send(
      async (options) => {
        meter().add('trips');
        try {
          await wire.client.send(new TransactWriteItemsCommand(input), options);
          bill(writes, transactedUnits);
        } catch (error) {
          billFailure(writes, error);
          throw error;
        }
      },
      (error) => judgeCancellation(writes, error),
    );
  } catch (error) {
    throw refusalOf(writes, error) ?? error;
  }
}

function transactItem(tableName: string, write: Write): TransactWriteItem {
  if ('put' in write) return { Put: putInput(tableName, write) };
  if ('update' in write) return { Update: updateInput(tableName, write) };
  if ('delete' in write) return { Delete: deleteInput(tableName, write) };
  return { ConditionCheck: checkInput(tableName, write) };
}

const reasonsOf = (error: unknown): readonly CancellationReason[] =>
  error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];

const isBusy = ({ Code: code }: CancellationReason) => code === 'TransactionConflict' || throttled.has(code ?? '');
const isRefused = ({ Code: code }: CancellationReason) => code === 'ConditionalCheckFailed';
const isIdle = ({ Code: code }: CancellationReason) => code === undefined || code === 'None';

/**
 * A condition that failed is decisive even when another item of the transaction was busy: it was evaluated on the item as
 * it is, so the transaction could not have gone through at that moment whatever the busy item holds. With one exception: a
 * busy `priority` write may have the verdict that would win. (Of many requests with one idempotency key, a loser can
 * meet the winner's unique name as a failed condition while the record itself is held by another loser; it must answer the
 * stored answer, not "name taken".) Then it is tried again.
 */
function judgeCancellation(writes: readonly Write[], error: unknown): Failure {
  const reasons = reasonsOf(error);
  if (reasons.length === 0) return judge(error);
  if (!reasons.every((reason) => isBusy(reason) || isRefused(reason) || isIdle(reason))) return 'final';
  const refusals = reasons.filter(isRefused).length;
  if (refusals === 0) return 'refused';
  const hasVerdict = reasons.some((reason, at) => isRefused(reason) && writes[at]?.priority);
  const verdictOpen = reasons.some((reason, at) => isBusy(reason) && writes[at]?.priority);
  return verdictOpen && !hasVerdict ? 'refused' : 'final';
}

/** The error of the guard that decides: the first that failed, a `priority` one before all. */
function refusalOf(writes: readonly Write[], error: unknown): Error | undefined {
  const reasons = reasonsOf(error);
  const failed = writes
    .map((write, at) => ({ write, reason: reasons[at] }))
    .filter(({ reason }) => reason && isRefused(reason));
  const decisive = failed.find(({ write }) => write.priority) ?? failed[0];
  return decisive?.write.otherwise?.(toItemIfAny(decisive.reason?.Item));
}

function bill(writes: readonly Write[], units: (write: Write, at: number) => number): void {
  meter().add(
    'wcu',
    writes.reduce((total, write, at) => total + units(write, at), 0),
  );
}

/** A cancelled transaction is billed for its writes, a throttled one is not; one whose answer was lost may have been done. */
function billFailure(writes: readonly Write[], error: unknown): void {
  const reasons = reasonsOf(error);
  if (reasons.some(({ Code: code }) => throttled.has(code ?? ''))) return;
  if (reasons.length > 0 || judge(error) === 'lost')
    bill(writes, (write, at) => cancelledUnits(write, reasons[at]?.Item));
}
