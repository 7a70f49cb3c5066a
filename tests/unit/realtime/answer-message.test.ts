import { describe, expect, it } from 'vitest';
import { ApiError, unavailable } from '../../../contracts/errors.ts';
import { maxMessageBytes } from '../../../contracts/realtime/client-messages.ts';
import { socketAnswer } from '../../../contracts/realtime/server-messages.ts';
import { answerMessage } from '../../../functions/realtime/use-cases/answer-message.ts';
import { place, rights, stubs, userId, type World, workspaceId } from './stubs.ts';

async function say(frame: unknown, world?: World) {
  const stubbed = stubs(world);
  await answerMessage('socket', typeof frame === 'string' ? frame : JSON.stringify(frame), stubbed.dependencies);
  for (const [, message] of stubbed.posted) socketAnswer.parse(message);
  const [answer] = stubbed.posted.filter(([id]) => id === 'socket').map(([, message]) => message);
  return { ...stubbed, answer };
}

const topic = `workspace:${workspaceId}`;
const event = `event:${workspaceId}`;
const authError = { type: 'auth_error', code: 'UNAUTHORIZED' };

describe('auth', () => {
  it('makes the connection its user’s', async () => {
    const { answer, askedOf, closed } = await say({ type: 'auth', token: 'good' });
    expect(answer).toEqual({ type: 'auth_ok', user_id: userId });
    expect(askedOf('identify')).toEqual([['socket', userId]]);
    expect(askedOf('claim')).toEqual([[userId, 'socket', { sid: 'session', exp: 5 }]]);
    expect(closed).toEqual([]);
  });

  it('is refused and closes with a bad token, an ended session, a disabled or a deleted user', async () => {
    const refused = [
      await say({ type: 'auth', token: 'bad' }),
      await say({ type: 'auth', token: 'good' }, { person: { rights: { ...rights, sessions: {} } } }),
      await say({ type: 'auth', token: 'good' }, { person: { rights: { ...rights, active: false } } }),
      await say({ type: 'auth', token: 'good' }, { person: { rights: undefined } }),
    ];
    for (const { answer, closed, askedOf } of refused) {
      expect(answer).toEqual(authError);
      expect(closed).toEqual(['socket']);
      expect([askedOf('identify'), askedOf('claim')]).toEqual([[], []]);
    }
  });

  it('stays a question when a dependency is down', async () => {
    const { answer, closed, askedOf } = await say(
      { type: 'auth', token: 'good' },
      { throws: { identify: unavailable(1) } },
    );
    expect(answer).toMatchObject({ type: 'error', code: 'SERVICE_UNAVAILABLE' });
    expect(closed).toEqual([]);
    expect(askedOf('log')).toEqual([['cannot answer a message']]);
  });

  it('closes the connections that had to give way, and tells them why', async () => {
    const { posted, closed, answer } = await say({ type: 'auth', token: 'good' }, { evicts: ['old'] });
    expect(posted[0]).toEqual([
      'old',
      { type: 'error', code: 'RATE_LIMITED', error: 'closed, since you opened more than 10 connections' },
    ]);
    expect(closed).toEqual(['old']);
    expect(answer).toMatchObject({ type: 'auth_ok' });
  });
});

describe('guest', () => {
  it('is admitted, and may have topics of events alone', async () => {
    expect((await say({ type: 'guest' })).answer).toEqual({ type: 'guest_ok' });
    const asGuest: World = { connection: { guest: true } };
    const { answer, askedOf } = await say({ type: 'subscribe', topics: [event] }, asGuest);
    expect(answer).toEqual({ type: 'subscribed', topics: [event] });
    expect(askedOf('addGuestTopics')).toEqual([['socket', [event]]]);
    const refused = await say({ type: 'subscribe', topics: [event, topic] }, asGuest);
    expect(refused.answer).toMatchObject({ type: 'error', code: 'FORBIDDEN' });
    expect([refused.askedOf('addGuestTopics'), refused.closed]).toEqual([[], []]);
  });
});

describe('subscribe and unsubscribe', () => {
  it('change the topics of the connection’s place', async () => {
    const { answer, askedOf } = await say({ type: 'unsubscribe', topics: [topic] });
    expect(answer).toEqual({ type: 'unsubscribed', topics: [topic] });
    expect(askedOf('retopic')).toEqual([[userId, 'socket', { on: [], off: [topic] }]]);
  });

  it('tell a foreign workspace from no other missing one', async () => {
    const foreign = `workspace:${workspaceId.replace(/a$/, 'b')}`;
    const { answer, closed } = await say({ type: 'subscribe', topics: [foreign] });
    expect(answer).toEqual({ type: 'error', code: 'NOT_FOUND', error: 'not found' });
    expect(closed).toEqual([]);
  });

  it('wait for who has not said who it is, or whose token has expired, and end for who is signed out', async () => {
    const nobody = await say({ type: 'subscribe', topics: [event] }, { connection: { guest: false } });
    expect(nobody.answer).toMatchObject({ type: 'error', code: 'UNAUTHORIZED', error: 'send auth or guest first' });
    const expired = await say(
      { type: 'subscribe', topics: [topic] },
      { person: { presence: { socket: { ...place, exp: 1 } } } },
    );
    expect(expired.answer).toMatchObject({ type: 'error', code: 'UNAUTHORIZED' });
    expect([nobody.closed, expired.closed]).toEqual([[], []]);
    const out = await say({ type: 'subscribe', topics: [topic] }, { person: { rights: { ...rights, sessions: {} } } });
    expect([out.answer, out.closed]).toEqual([authError, ['socket']]);
  });

  it('end a connection that has asked too much', async () => {
    const limit = new ApiError('RATE_LIMITED', 'socket.too_many_requests');
    const { answer, closed } = await say({ type: 'subscribe', topics: [topic] }, { throws: { count: limit } });
    expect([answer?.type, closed]).toEqual(['error', ['socket']]);
  });
});

describe('any other frame', () => {
  it('is answered with pong when it is a ping, which is counted and nothing else', async () => {
    const { answer, asked } = await say({ type: 'ping' });
    expect(answer).toEqual({ type: 'pong' });
    expect(asked).toEqual([['countPing', 'socket'], ['post']]);
  });

  it('ends a connection that sent too many, of pings as of what is no message', async () => {
    const limit = new ApiError('RATE_LIMITED', 'socket.too_many_requests');
    for (const [frame, counter] of [
      ['{"type":"ping"}', 'countPing'],
      ['no json', 'count'],
    ] as const) {
      const { answer, closed } = await say(frame, { throws: { [counter]: limit } });
      expect([answer, closed]).toEqual([expect.objectContaining({ type: 'error', code: 'RATE_LIMITED' }), ['socket']]);
    }
  });

  it('is a VALIDATION_ERROR that keeps the connection when it does not fit', async () => {
    const misfits = [
      'no json',
      '"text"',
      'null',
      '[]',
      '{}',
      { type: 'shout' },
      { type: 'auth' },
      { type: 'auth', token: 1 },
      { type: 'ping', more: true },
      { type: 'subscribe', topics: [] },
      { type: 'subscribe', topics: ['user:x'] },
      { type: 'subscribe', topics: Array(51).fill(event) },
      '',
    ];
    for (const frame of misfits) {
      const { answer, closed } = await say(frame);
      expect([frame, answer]).toEqual([
        frame,
        expect.objectContaining({ type: 'error', code: 'VALIDATION_ERROR', issues: expect.any(Array) }),
      ]);
      expect(closed).toEqual([]);
    }
  });

  it('is too large above 32 KB, and binary is none', async () => {
    const { answer } = await say(`{"type":"ping"${' '.repeat(maxMessageBytes)}}`);
    expect(answer).toMatchObject({ code: 'VALIDATION_ERROR', error: 'a message has at most 32768 bytes' });
    const stubbed = stubs();
    await answerMessage('socket', undefined, stubbed.dependencies);
    expect(stubbed.posted[0]?.[1]).toMatchObject({
      code: 'VALIDATION_ERROR',
      issues: [{ path: '', message: 'must be text' }],
    });
  });

  it('says nothing of an error of ours', async () => {
    const { answer, closed } = await say({ type: 'guest' }, { throws: { admitGuest: new Error('secret detail') } });
    expect(answer).toEqual({ type: 'error', code: 'INTERNAL_ERROR', error: 'something went wrong on our side' });
    expect(closed).toEqual([]);
  });
});
