import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createRelay } from '../../../../functions/platform/outbox/create-relay.ts';
import type { Derive, Effect, Start } from '../../../../functions/platform/outbox/effect.ts';
import type { RelayedEvent } from '../../../../functions/platform/outbox/relayed-event.ts';
import { message, record } from './records.ts';

const publish = (status: string): Effect => ({
  publish: {
    type: 'vm_status_changed',
    workspace_id: 'w',
    data: {
      vm_id: 'v',
      workspace_id: 'w',
      status: status as 'running',
      previous: null,
      timestamp: '2026-01-01T00:00:00Z',
    },
  },
});
const startOf = (name: string): Effect => ({ start: { machine: 'vm-lifecycle', name, input: {} } });

const poison: Derive = ({ after }) => {
  if (after?.['poison'] === true) throw new Error('cannot derive');
  return [publish('pending'), startOf(String(after?.['id'])), publish('running')];
};

const renamed: Derive = () => [{ notify: { type: 'user_changed', user_id: 'u', version: 2 } }];

/** A relay whose surroundings refuse what the test says. */
function relayOf({
  refuses = () => false,
  starts = () => true,
  keeps = true,
}: {
  refuses?: (event: RelayedEvent) => boolean;
  starts?: (start: Start) => boolean;
  keeps?: boolean;
} = {}) {
  const seen = {
    events: [] as RelayedEvent[],
    started: [] as string[],
    kept: [] as DynamoDBRecord[],
    logged: [] as string[],
  };
  const nothing = () => [];
  const plain = { notice: nothing, export: nothing, credential: nothing, audit: nothing, member: nothing };
  const silent = { ...plain, code: nothing, workspace: nothing, api_key: nothing, notification: nothing };
  const relay = createRelay({
    derivations: { vm: poison, ...silent, user: renamed },
    bus: {
      publish: async (events) => {
        seen.events.push(...events);
        return events.map((event) => (refuses(event) ? new Error('refused') : undefined));
      },
    },
    machines: {
      start: async (all) => {
        seen.started.push(...all.map(({ name }) => name));
        return all.map((start) => (starts(start) ? undefined : new Error('not started')));
      },
    },
    failedRecords: {
      keep: async (records) => {
        if (keeps) seen.kept.push(...records);
        return records.map(() => (keeps ? undefined : new Error('no queue')));
      },
    },
    log: { error: (text) => seen.logged.push(text) },
  });
  return { relay, seen };
}

const good = () => record('INSERT', { after: { type: 'vm', id: 'good' } });
const bad = () => record('INSERT', { after: { type: 'vm', id: 'bad', poison: true } });
const nothing = { batchItemFailures: [] };

describe('the relay', () => {
  it('publishes and starts what follows from each change; each event of a change has an id of its own', async () => {
    const { relay, seen } = relayOf();
    const given = good();
    expect(await relay({ Records: [given] })).toEqual(nothing);
    expect(
      seen.events.map((event) => [event.id, 'data' in event && 'status' in event.data && event.data.status]),
    ).toEqual([
      [given.eventID, 'pending'],
      [`${given.eventID}-1`, 'running'],
    ]);
    expect(seen.started).toEqual(['good']);
    expect(seen.kept).toEqual([]);
  });

  it('tells functions of ours over the same bus, no more than the rule says', async () => {
    const { relay, seen } = relayOf();
    const given = record('MODIFY', { before: { type: 'user' }, after: { type: 'user', name: 'Minji' } });
    expect(await relay({ Records: [given] })).toEqual(nothing);
    expect(seen.events).toEqual([
      { type: 'user_changed', user_id: 'u', version: 2, id: given.eventID, timestamp: '2026-01-01T00:00:00.000Z' },
    ]);
  });

  it('makes the same events and names when a record is delivered twice', async () => {
    const { relay, seen } = relayOf();
    const given = good();
    await relay({ Records: [given] });
    const first = [...seen.events];
    await relay({ Records: [given] });
    expect(seen.events).toEqual([...first, ...first]);
    expect(seen.started).toEqual(['good', 'good']);
  });

  it('keeps a record that it cannot handle, whole, and lets the others go on', async () => {
    const { relay, seen } = relayOf();
    const [before, poisoned, after] = [good(), bad(), good()];
    expect(await relay({ Records: [before, poisoned, after] })).toEqual(nothing);
    expect(seen.kept).toEqual([poisoned]);
    expect(seen.events).toHaveLength(4);
    expect(seen.logged).toEqual(['cannot relay a change']);
  });

  it('keeps a record of which one event or one start was refused, once', async () => {
    const given = good();
    const refusing = relayOf({ refuses: ({ id }) => id.endsWith('-1'), starts: () => false });
    expect(await refusing.relay({ Records: [given, good()] })).toEqual(nothing);
    expect(refusing.seen.kept).toHaveLength(2);
    expect(refusing.seen.kept[0]).toBe(given);
  });

  it('makes the stream wait when the queue takes nothing either', async () => {
    const { relay, seen } = relayOf({ keeps: false });
    const poisoned = bad();
    const answer = await relay({ Records: [good(), poisoned, good()] });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: poisoned.dynamodb?.SequenceNumber }] });
    expect(seen.events).toHaveLength(4);
  });

  it('takes records from the queue as from the stream; those that fail again stay there', async () => {
    const { relay, seen } = relayOf();
    const [fine, poisoned, rubbish] = [message(good()), message(bad()), message('no record')];
    expect(await relay({ Records: [fine, poisoned, rubbish] })).toEqual({
      batchItemFailures: [{ itemIdentifier: poisoned.messageId }, { itemIdentifier: rubbish.messageId }],
    });
    expect(seen.events).toHaveLength(2);
    expect(seen.kept).toEqual([]);
  });

  it('does nothing for an entity that has no rule', async () => {
    const { relay, seen } = relayOf();
    expect(await relay({ Records: [record('INSERT', { after: { type: 'workspace', id: 'w' } })] })).toEqual(nothing);
    expect([seen.events, seen.started, seen.kept]).toEqual([[], [], []]);
  });
});
