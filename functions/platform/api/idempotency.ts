import { createHash, createHmac } from 'node:crypto';
import { conflict, invalid } from '../../../contracts/errors.ts';
import { key } from '../table/key.ts';
import type { Item, Key, Table, Write } from '../table/types.ts';
import type { Answer } from './call.ts';
import type { Exchange } from './exchange.ts';
import { packAnswer, unpackAnswer } from './kept-answer.ts';

const keptSeconds = 24 * 3_600;

/** Thrown by the record's guard: the key has been used, and this is the answer it got. */
export class Replay extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super('this idempotency key has been answered');
    this.answer = answer;
  }
}

export function readIdempotencyKey({ event, route }: Exchange): string | undefined {
  if (route.idempotent !== true) return undefined;
  const key = event.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (key.trim() === '' || key.length > 255) {
    throw invalid([{ path: 'headers.idempotency-key', message: 'must have 1 to 255 characters' }]);
  }
  return key;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields in one order, so that the same request digests the same however a client lays it out. */
const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, ordered(value[key])]),
  );
};

/** Keyed by the idempotency key, of which the table holds a hash only: a low-entropy body can't be guessed from the table. */
const digest = (key: string, exchange: Exchange) =>
  createHmac('sha256', key)
    .update(JSON.stringify(ordered([exchange.input.params, exchange.input.body])))
    .digest('base64url');

const withoutShownOnce = (exchange: Exchange, answer: Answer): Answer => {
  const fields = exchange.route.shownOnce;
  if (fields === undefined || !isRecord(answer.data)) return answer;
  const hidden = Object.fromEntries(fields.map((field) => [field, null]));
  return { ...answer, data: { ...answer.data, ...hidden, already_shown: true } };
};

const secondsOf = (now: Date) => Math.floor(now.getTime() / 1_000);

const recordKey = (sent: string, { route }: Exchange, callerId: string): Key => ({
  pk: key('IDEMPOTENCY', callerId),
  sk: key(route.id, createHash('sha256').update(sent).digest('base64url')),
});

/** What the key was answered, if it was; CONFLICT when that was another request. */
export async function answeredBefore(
  table: Table,
  sent: string,
  exchange: Exchange,
  callerId: string,
): Promise<Answer | undefined> {
  const record = await table.get(recordKey(sent, exchange, callerId));
  if (record === undefined || Number(record['ttl']) < secondsOf(exchange.startedAt)) return undefined;
  const outcome = refusal(record, digest(sent, exchange));
  if (outcome instanceof Replay) return outcome.answer;
  throw outcome;
}

/**
 * The record of an answered key, an item of the same transaction as the effect: a repeat fails its guard and gets the stored answer from the old item,
 * without a trip of its own. Two at once conflict, are tried again, and the later one meets the record.
 */
export function idempotencyRecord(
  sent: string,
  exchange: Exchange,
  callerId: string,
  answer: Answer,
  now: Date,
): Write {
  const request = digest(sent, exchange);
  const seconds = secondsOf(now);
  return {
    put: {
      ...recordKey(sent, exchange, callerId),
      request,
      answer: packAnswer(withoutShownOnce(exchange, answer)),
      ttl: seconds + keptSeconds,
    },
    // The table may keep an expired item for two days more.
    condition: { text: 'attribute_not_exists(pk) OR #ttl < :seconds', values: { seconds } },
    otherwise: (old) => refusal(old, request),
    priority: true,
  };
}

function refusal(old: Item | undefined, request: string): Error {
  if (old?.['request'] !== request) return conflict('idempotency.other_request');
  return new Replay(unpackAnswer(old['answer']));
}
