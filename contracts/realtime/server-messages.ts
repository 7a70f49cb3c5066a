import * as z from 'zod';
import { errorStatus } from '../errors.ts';
import { id, timestamp } from '../shared/fields.ts';
import { type EventData, type EventType, eventData } from './events.ts';

const codes = Object.keys(errorStatus) as (keyof typeof errorStatus)[];

const authOk = z.strictObject({ type: z.literal('auth_ok'), user_id: id }).meta({ id: 'AuthOk' });
const authError = z
  .strictObject({ type: z.literal('auth_error'), code: z.literal('UNAUTHORIZED') })
  .meta({ id: 'AuthError', description: 'The token is not good, or its session has ended. The connection closes.' });
const guestOk = z.strictObject({ type: z.literal('guest_ok') }).meta({ id: 'GuestOk' });
const subscribed = z
  .strictObject({ type: z.enum(['subscribed', 'unsubscribed']), topics: z.array(z.string()) })
  .meta({ id: 'TopicsChanged' });
const pong = z.strictObject({ type: z.literal('pong') }).meta({ id: 'Pong' });
const error = z
  .strictObject({
    type: z.literal('error'),
    code: z.enum(codes),
    /** For a person, in English. */
    error: z.string(),
    /** Of a VALIDATION_ERROR. */
    issues: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({
    id: 'SocketError',
    description: 'The message had no effect. The connection stays, unless the code is RATE_LIMITED.',
  });

/** What answers a message of the client's. */
export const socketAnswer = z.union([authOk, authError, guestOk, subscribed, pong, error]);
export type AnswerMessage = z.input<typeof socketAnswer>;

/**
 * The frame of an event. Each is sent at least once and in no certain order: drop one whose `id` you have seen, and one
 * whose `version` is not above that of the thing as you hold it.
 */
export const eventMessage = <Type extends EventType>(type: Type) =>
  z.strictObject({
    type: z.literal(type),
    data: eventData[type],
    id: z.string(),
    timestamp,
    version: z.int().optional(),
  });

type EventMessageOf<Type extends EventType> = {
  type: Type;
  data: EventData<Type>;
  id: string;
  timestamp: string;
  version?: number;
};
export type EventMessage = { [Type in EventType]: EventMessageOf<Type> }[EventType];
