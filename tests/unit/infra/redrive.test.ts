import { describe, expect, it } from 'vitest';
import { deadLetters } from '../../../infra/dead-letters.ts';
import { functions } from '../../../infra/functions.ts';
import { type Message, type RedrivePorts, redriveQueue } from '../../../infra/redrive.ts';

/** Queues in memory: what is received is hidden until the test ends, as during its visibility timeout. */
function createWorld(bodies: string[], invoke: RedrivePorts['invoke'] = async () => undefined) {
  let made = 0;
  const toMessage = (body: string): Message => ({ id: `m${made++}`, body });
  const waiting = bodies.map(toMessage);
  const hidden = new Set<Message>();
  const sent: [string, string][] = [];
  const invoked: [string, unknown][] = [];
  const ports: RedrivePorts = {
    depth: async () => waiting.length,
    receive: async () => {
      const taken = waiting.splice(0, 10);
      for (const message of taken) hidden.add(message);
      return taken;
    },
    remove: async (_, message) => {
      hidden.delete(message);
    },
    send: async (queue, body) => {
      sent.push([queue, body]);
    },
    invoke: async (name, event) => {
      invoked.push([name, event]);
      return invoke(name, event);
    },
  };
  return { ports, waiting, hidden, sent, invoked, add: (body: string) => waiting.push(toMessage(body)) };
}

const bodies = (count: number) => Array.from({ length: count }, (_, nth) => JSON.stringify({ nth }));

describe('a redrive', () => {
  it('moves each message to the queue that it came from', async () => {
    const world = createWorld(bodies(25));
    const result = await redriveQueue('work-dead', { to: 'queue', queue: 'work' }, world.ports);
    expect(result).toEqual({ moved: 25, failed: [] });
    expect(world.sent).toEqual(bodies(25).map((body) => ['work', body]));
    expect(world.hidden.size).toBe(0);
  });

  it('gives a function the event that it failed on, or the raw record in a batch of one', async () => {
    const world = createWorld(bodies(1));
    await redriveQueue('push-dead', { to: 'function', name: 'push', as: 'event' }, world.ports);
    expect(world.invoked).toEqual([['push', { nth: 0 }]]);
    const other = createWorld(bodies(1), async () => ({ batchItemFailures: [] }));
    await redriveQueue('failures', { to: 'function', name: 'chain', as: 'stream-record' }, other.ports);
    expect(other.invoked).toEqual([['chain', { Records: [{ nth: 0 }] }]]);
  });

  it('leaves what fails again in its queue, says why, and goes on', async () => {
    const world = createWorld(['{"nth":0}', 'no JSON', '{"nth":2}', '{"nth":3}'], async (_, event) => {
      const { nth } = event as { nth: number };
      if (nth === 2) throw new Error('still broken');
      return nth === 3 ? { batchItemFailures: [{ itemIdentifier: 'x' }] } : undefined;
    });
    const { moved, failed } = await redriveQueue('dead', { to: 'function', name: 'push', as: 'event' }, world.ports);
    expect(moved).toBe(1);
    expect(failed.map(({ id }) => id)).toEqual(['m1', 'm2', 'm3']);
    expect(failed[1]?.reason).toBe('still broken');
    expect([...world.hidden].map(({ id }) => id)).toEqual(['m1', 'm2', 'm3']);
  });

  it('ends though each message comes back at once', async () => {
    const world = createWorld(bodies(12), async () => {
      world.add('{"again":true}');
    });
    const result = await redriveQueue('dead', { to: 'function', name: 'push', as: 'event' }, world.ports);
    expect(result.moved).toBe(12);
    expect(world.invoked).toHaveLength(12);
  });
});

describe('the dead-letter queues', () => {
  it('name functions that there are', () => {
    const named = Object.values(deadLetters).flatMap((redrive) => (redrive.to === 'function' ? [redrive.name] : []));
    for (const name of named) expect(Object.keys(functions)).toContain(name);
  });
});
