import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { createEventBus } from '../../../../functions/platform/outbox/event-bus.ts';
import type { RelayedEvent } from '../../../../functions/platform/outbox/relayed-event.ts';
import { awsError, networkError } from '../../../support/aws-errors.ts';
import { type Step, script } from '../../../support/scripted-client.ts';

const event = (nth: number): RelayedEvent => ({
  type: 'vm_status_changed',
  workspace_id: 'w',
  data: { vm_id: 'v', workspace_id: 'w', status: 'running', previous: 'pending', timestamp: '2026-01-01T00:00:00Z' },
  version: 2,
  id: `e${nth}`,
  timestamp: '2026-01-01T00:00:00.000Z',
});
const events = (count: number) => Array.from({ length: count }, (_, nth) => event(nth));

const taken = { EventId: 'x' };
const throttled = { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' };
const answer = (...Entries: object[]) => ({
  FailedEntryCount: Entries.filter((entry) => !('EventId' in entry)).length,
  Entries,
});

function busOf(steps: readonly Step[], options?: { repeat?: boolean }) {
  const client = new EventBridgeClient({ region: 'eu-west-1', maxAttempts: 1 });
  const { inputs } = script(client, steps, options);
  const bus = createEventBus({ client, busName: 'bus', random: () => 0, delay: async () => undefined });
  const sent = () =>
    inputs.map(({ Entries }) => (Entries as { Detail: string }[]).map(({ Detail }) => JSON.parse(Detail).id));
  return { bus, inputs, sent };
}

describe('the event bus', () => {
  it('puts events ten at a time, in order, with their type and all of their detail', async () => {
    const { bus, inputs, sent } = busOf([answer(...Array(10).fill(taken)), answer(taken, taken)]);
    expect(await bus.publish(events(12))).toEqual(Array(12).fill(undefined));
    expect(sent()).toEqual([events(10).map(({ id }) => id), ['e10', 'e11']]);
    expect(inputs[0]).toHaveProperty('Entries.0', {
      EventBusName: 'bus',
      Source: 'skyclust',
      DetailType: 'vm_status_changed',
      Detail: JSON.stringify(event(0)),
      Time: new Date('2026-01-01T00:00:00.000Z'),
    });
  });

  it('sends again only what was refused inside an answer of 200', async () => {
    const { bus, sent } = busOf([answer(taken, throttled, taken, throttled), answer(throttled, taken), answer(taken)]);
    expect(await bus.publish(events(4))).toEqual([undefined, undefined, undefined, undefined]);
    expect(sent()).toEqual([['e0', 'e1', 'e2', 'e3'], ['e1', 'e3'], ['e1']]);
  });

  it('says which event was refused to the end, and why; the others are published', async () => {
    const refused = { ErrorCode: 'MalformedDetail', ErrorMessage: 'no JSON' };
    const { bus } = busOf([answer(taken, refused, taken), answer(refused)], { repeat: true });
    const [first, second, third] = await bus.publish(events(3));
    expect([first, third]).toEqual([undefined, undefined]);
    expect(second).toEqual(new Error('cannot publish vm_status_changed e1: MalformedDetail: no JSON'));
  });

  it('tries again when the network or the service fails', async () => {
    const { bus, sent } = busOf([networkError('ECONNRESET'), awsError('InternalException', 500), answer(taken)]);
    expect(await bus.publish(events(1))).toEqual([undefined]);
    expect(sent()).toHaveLength(3);
  });

  it('does not wait for a service that is down once for every ten events', async () => {
    const { bus, sent } = busOf([networkError('ECONNREFUSED', 'connect')], { repeat: true });
    const refused = await bus.publish(events(25));
    expect(refused.every((error) => error instanceof Error)).toBe(true);
    expect(new Set(sent().flat())).toEqual(new Set(events(10).map(({ id }) => id)));
  });
});
