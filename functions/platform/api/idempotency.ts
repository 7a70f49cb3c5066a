import { createHash, createHmac } from 'node:crypto';
import { conflict, invalid } from '../../../contracts/errors.ts';
import { equals } from '../table/fragment.ts';
import { key } from '../table/key.ts';
import type { Item, Key, PlainWrite, Table, Write } from '../table/types.ts';
import type { Answer } from './call.ts';
import type { Exchange } from './exchange.ts';
import { packAnswer, unpackAnswer } from './kept-answer.ts';

const keptSeconds = 24 * 3_600;
/** Longer than any call takes. */
const claimSeconds = 60;

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
  const sent = event.headers['idempotency-key'];
  if (sent === undefined) return undefined;
  if (sent.trim() === '' || sent.length > 255) {
    throw invalid([{ path: 'headers.idempotency-key', message: 'must have 1 to 255 characters' }]);
  }
  return sent;
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
      .map((name) => [name, ordered(value[name])]),
  );
};

/** Keyed by the idempotency key, of which the table holds a hash only: a low-entropy body can't be guessed from the table. */
const digest = (sent: string, exchange: Exchange) =>
  createHmac('sha256', sent)
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
  const outcome = refusal(record, digest(sent, exchange), secondsOf(exchange.startedAt));
  if (outcome instanceof Replay) return outcome.answer;
  throw outcome;
}

/** The table may keep an expired item for two days more. */
const unused = 'attribute_not_exists(pk) OR #ttl < :seconds';

/**
 * Marks the key as in flight, before something outside the table acts. A claim that nobody completes ends by itself. The guard answers as that of the record,
 * and CONFLICT with the time that is left where another call holds the claim.
 */
export function idempotencyClaim(sent: string, exchange: Exchange, callerId: string) {
  const request = digest(sent, exchange);
  const seconds = secondsOf(exchange.startedAt);
  const at = recordKey(sent, exchange, callerId);
  const { requestId: claim } = exchange;
  return {
    take: {
      put: { ...at, request, claim, ttl: seconds + claimSeconds },
      // Sent again where its answer was lost, it meets itself.
      condition: { text: `${unused} OR #claim = :claim`, values: { seconds, claim } },
      otherwise: (old) => refusal(old, request, seconds),
    },
    /** Nothing came of it: the next call need not wait. */
    giveUp: { delete: at, condition: equals('claim', claim), otherwise: () => inFlight(1) },
  } satisfies Record<string, PlainWrite>;
}

/**
 * The record of an answered key, an item of the same transaction as the effect: a repeat fails its guard and gets the stored answer from the old item,
 * without a trip of its own. Two at once conflict, are tried again, and the later one meets the record. Where the key was claimed first, the claim must still
 * be this call's.
 */
export function idempotencyRecord(
  sent: string,
  exchange: Exchange,
  callerId: string,
  answer: Answer,
  isClaimed: boolean,
): Write {
  const request = digest(sent, exchange);
  const seconds = secondsOf(exchange.startedAt);
  return {
    put: {
      ...recordKey(sent, exchange, callerId),
      request,
      answer: packAnswer(withoutShownOnce(exchange, answer)),
      ttl: seconds + keptSeconds,
    },
    ...(isClaimed
      ? { condition: equals('claim', exchange.requestId), otherwise: () => inFlight(1) }
      : { condition: { text: unused, values: { seconds } }, otherwise: (old) => refusal(old, request, seconds) }),
    priority: true,
  };
}

const inFlight = (retryAfterSeconds: number) => conflict('idempotency.in_flight', { retryAfterSeconds });

function refusal(old: Item | undefined, request: string, seconds: number): Error {
  if (old?.['request'] !== request) return conflict('idempotency.other_request');
  if (old['claim'] !== undefined) return inFlight(Math.max(1, Number(old['ttl']) - seconds));
  return new Replay(unpackAnswer(old['answer']));
}
