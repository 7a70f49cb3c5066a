import { describe, expect, it } from 'vitest';
import { createSocketHandler, type SocketEvent } from '../../../functions/realtime/handle-socket.ts';
import { stubs, userId, type World } from './stubs.ts';

const fromEdge = { 'X-Origin-Verify': 'secret', 'X-Viewer-Address': '198.51.100.7' };

async function receive(routeKey: string, rest: Partial<SocketEvent> = {}, world?: World) {
  const stubbed = stubs(world);
  const answer = await createSocketHandler(stubbed.dependencies)({
    requestContext: { routeKey, connectionId: 'socket' },
    ...rest,
  });
  return { ...stubbed, answer };
}

describe('$connect', () => {
  it('lets in what came through the edge, however the headers are spelled, and starts its ten seconds', async () => {
    for (const headers of [
      fromEdge,
      Object.fromEntries(Object.entries(fromEdge).map(([name, value]) => [name.toLowerCase(), value])),
    ]) {
      const { answer, askedOf } = await receive('$connect', { headers });
      expect(answer).toEqual({ statusCode: 200 });
      expect([askedOf('open'), askedOf('schedule')]).toEqual([[['socket']], [['socket']]]);
    }
  });

  it('refuses what came past the edge, and what has no address', async () => {
    const refused = [
      {},
      { 'x-viewer-address': '198.51.100.7' },
      { ...fromEdge, 'X-Origin-Verify': 'guess' },
      { 'x-origin-verify': 'secret' },
      { ...fromEdge, 'X-Viewer-Address': 'somewhere' },
    ];
    for (const headers of refused) {
      const { answer, asked } = await receive('$connect', { headers });
      expect(answer).toEqual({ statusCode: 403 });
      expect(asked).toEqual([]);
    }
  });

  it('refuses rather than leave a connection open that nobody would close', async () => {
    const { answer, askedOf } = await receive(
      '$connect',
      { headers: fromEdge },
      { throws: { schedule: new Error('no queue') } },
    );
    expect(answer).toEqual({ statusCode: 500 });
    expect(askedOf('log')).toHaveLength(1);
  });
});

describe('$default', () => {
  it('answers by a message, never by a body', async () => {
    const { answer, posted } = await receive('$default', { body: '{"type":"ping"}' });
    expect(answer).toEqual({ statusCode: 200 });
    expect(posted).toEqual([['socket', { type: 'pong' }]]);
  });

  it('takes no binary frame', async () => {
    const { posted } = await receive('$default', { body: 'AAAA', isBase64Encoded: true });
    expect(posted[0]?.[1]).toMatchObject({ type: 'error', code: 'VALIDATION_ERROR' });
  });
});

describe('$disconnect', () => {
  it('gives up the place of its user, if it had one', async () => {
    const seat = { userId, connectionId: 'socket' };
    expect((await receive('$disconnect')).askedOf('release')).toEqual([[[seat]]]);
    const nobody = await receive('$disconnect', {}, { connection: { guest: false } });
    expect(nobody.askedOf('release')).toEqual([]);
  });
});

describe('a timeout', () => {
  const message = (messageId: string, body: unknown) => ({
    messageId,
    body: JSON.stringify(body),
    eventSource: 'aws:sqs',
  });
  const time = async (messages: object[], world?: World) => {
    const stubbed = stubs(world);
    const answer = await createSocketHandler(stubbed.dependencies)({ Records: messages } as never);
    return { ...stubbed, answer };
  };

  it('closes a connection on which nobody has said who they are, and no other', async () => {
    const late = await time([message('m', { connection_id: 'socket' })], {
      connection: { guest: false },
    });
    expect([late.closed, late.answer]).toEqual([['socket'], { batchItemFailures: [] }]);
    expect((await time([message('m', { connection_id: 'socket' })])).closed).toEqual([]);
  });

  it('that cannot be handled is tried again by itself', async () => {
    const given = [message('rubbish', { connection: 1 }), message('fine', { connection_id: 'socket' })];
    const { answer, closed } = await time(given, { connection: { guest: false } });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'rubbish' }] });
    expect(closed).toEqual(['socket']);
  });
});
