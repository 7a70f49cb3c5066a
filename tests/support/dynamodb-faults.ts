import { type DynamodbKey, type Touched, textOf } from './dynamodb-calls.ts';

/**
 * - `conflict`: TransactionConflict, as a cancellation reason of the transaction or as the exception of a single write
 * - `throttle`: ThrottlingException · `throughput`: ProvisionedThroughputExceededException
 * - `error`: InternalServerError, 500
 * - `drop-before`, `drop-after`: the connection ends without an answer, before or after the effect
 * - `hang-before`, `hang-after`: no answer comes until the caller gives up
 */
export type DynamodbFault =
  | 'conflict'
  | 'throttle'
  | 'throughput'
  | 'error'
  | 'drop-before'
  | 'drop-after'
  | 'hang-before'
  | 'hang-after';

/** Which calls meet a fault. What is left out fits all calls. */
export interface FaultRule {
  fault: DynamodbFault;
  /** As in the API: `TransactWriteItems`. */
  operation?: string | readonly string[];
  table?: string;
  /** The keys of an item in the call. */
  pk?: string | RegExp;
  sk?: string | RegExp;
  /** Of the calls that fit, the nth alone, or each that is listed. Counted from 1. */
  nth?: number | readonly number[];
  /** Of the calls that fit, each so many-th: how often it fires follows from how many calls fit, not from a draw. */
  every?: number;
  /** It fires so often at most. */
  times?: number;
}

/** A rule in force. A test checks `fired`: a fault that never fired proves nothing. */
export interface ActiveRule extends FaultRule {
  /** Calls that fit, whether or not the rule fired. */
  fitted: number;
  fired: number;
}

export interface Call {
  operation: string;
  touched: readonly Touched[];
}

const fits = (wanted: string | RegExp | undefined, text: string | undefined): boolean =>
  wanted === undefined || (text !== undefined && (typeof wanted === 'string' ? wanted === text : wanted.test(text)));

const itemFits = (rule: FaultRule, table: string, item: DynamodbKey): boolean =>
  fits(rule.table, table) && fits(rule.pk, textOf(item, 'pk')) && fits(rule.sk, textOf(item, 'sk'));

/** The items of the call that the rule is about. */
export const fittingItems = (rule: FaultRule, { operation, touched }: Call): Touched[] => {
  if (rule.operation !== undefined && ![rule.operation].flat().includes(operation)) return [];
  return touched.filter(({ table, item }) => itemFits(rule, table, item));
};

/** Whether the rule fires for a call that fits; counts it. */
export const fires = (rule: ActiveRule): boolean => {
  rule.fitted += 1;
  if (rule.times !== undefined && rule.fired >= rule.times) return false;
  if (rule.nth !== undefined && ![rule.nth].flat().includes(rule.fitted)) return false;
  if (rule.every !== undefined && rule.fitted % rule.every !== 0) return false;
  rule.fired += 1;
  return true;
};

const namespace = 'com.amazonaws.dynamodb.v20120810#';
const refusal = (status: number, name: string, message: string, more: object = {}) => ({
  status,
  body: JSON.stringify({ __type: `${namespace}${name}`, message, Message: message, ...more }),
});

const conflict = ({ operation, touched }: Call, hit: readonly Touched[]) => {
  const ongoing = 'Transaction is ongoing for the item';
  if (!operation.startsWith('Transact')) return refusal(400, 'TransactionConflictException', ongoing);
  const reasons = touched.map(({ index }) =>
    hit.some((item) => item.index === index) ? { Code: 'TransactionConflict', Message: ongoing } : { Code: 'None' },
  );
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return refusal(400, 'TransactionCanceledException', message, { CancellationReasons: reasons });
};

/** DynamoDB's own answer for a fault that has one. */
export const refusalOf = (fault: DynamodbFault, call: Call, hit: readonly Touched[]) => {
  switch (fault) {
    case 'conflict':
      // One of the items is in another transaction; the others are not looked at.
      return conflict(call, hit.slice(0, 1));
    case 'throttle':
      return refusal(400, 'ThrottlingException', 'Throughput exceeds the current capacity of your table or index.');
    case 'throughput':
      return refusal(
        400,
        'ProvisionedThroughputExceededException',
        'The level of configured provisioned throughput for the table was exceeded.',
      );
    case 'error':
      return refusal(500, 'InternalServerError', 'The request processing has failed because of an unknown error.');
    case 'drop-before':
    case 'drop-after':
    case 'hang-before':
    case 'hang-after':
      return undefined;
  }
};
