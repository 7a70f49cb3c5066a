import * as z from 'zod';
import { maxTopics, topic } from './topics.ts';

/** API Gateway's limit of a frame; a message of ours is one frame. */
export const maxMessageBytes = 32_768;
/** A connection that has not said who it is by then is closed. */
export const authenticateWithinSeconds = 10;
/** Open connections of one user: with one more, the one that authenticated first is closed. */
export const maxConnectionsPerUser = 10;
/**
 * Messages of one connection that ask for something, and what is none (`ping` is counted apart). It lives for 2 hours at
 * most, and `auth` is due once a token.
 */
export const maxRequestsPerConnection = 500;
/** One each 7 seconds, for 2 hours. */
export const maxPingsPerConnection = 1_000;

const topics = z.array(topic).min(1).max(maxTopics);

const auth = z.strictObject({ type: z.literal('auth'), token: z.string().min(1).max(8_192) }).meta({
  id: 'AuthMessage',
  description: 'Says who you are, with an access token. Send it again with a fresh token before that one expires.',
});
const guest = z
  .strictObject({ type: z.literal('guest') })
  .meta({ id: 'GuestMessage', description: 'Goes on without an account; topics of the kind `event:<id>` only.' });
const subscribe = z.strictObject({ type: z.literal('subscribe'), topics }).meta({
  id: 'SubscribeMessage',
  description: 'Adds topics. Your own and those of your workspaces are there from the beginning.',
});
const unsubscribe = z.strictObject({ type: z.literal('unsubscribe'), topics }).meta({
  id: 'UnsubscribeMessage',
  description: 'Takes topics away, those from the beginning too; on this connection only.',
});
const ping = z.strictObject({ type: z.literal('ping') }).meta({
  id: 'PingMessage',
  description: 'Keeps the connection from idling: it is closed after 10 minutes without a message.',
});

/** What a client sends: one JSON object a frame. */
export const clientMessage = z.discriminatedUnion('type', [auth, guest, subscribe, unsubscribe, ping]);
export type ClientMessage = z.output<typeof clientMessage>;
