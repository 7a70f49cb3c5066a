import { randomUUID } from 'node:crypto';
import type { DynamoDBRecord } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { VmStatus } from '../../../contracts/compute/vm-states.ts';
import type { Derive } from '../../../functions/platform/outbox/effect.ts';
import { type Emulator, startEmulator } from '../../support/emulator.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { rounds } from '../../support/sizes.ts';
import { message, record } from '../../unit/platform/outbox/records.ts';
import { consumeQueue, consumeStream, createRelayWorld, type RelayTwist, type RelayWorld } from './relay-world.ts';

let emulator: Emulator;
let world: RelayWorld;
beforeAll(async () => {
  emulator = await startEmulator();
  world = await createRelayWorld(emulator);
}, 60_000);
afterAll(async () => {
  await world?.stop();
  await emulator?.stop();
});
beforeEach(async () => {
  await world.published();
  await world.failedRecords();
});

const vm = (version: number, status: VmStatus, id: string = randomUUID()) => ({
  type: 'vm',
  id,
  workspace_id: '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a',
  status,
  version,
  updated_at: '2026-01-01T00:00:00.000Z',
});
/** A VM that has just been made: one event, one execution. */
const created = (id: string = randomUUID()) => record('INSERT', { after: vm(1, 'pending', id) });
const idOf = ({ dynamodb }: DynamoDBRecord) => String(dynamodb?.NewImage?.['id']?.S);
const nameOf = (of: DynamoDBRecord) => `${idOf(of)}-1`;

const published = async () => (await world.published()).map(({ id }) => id);
const eventIds = (records: readonly DynamoDBRecord[]) => records.map(({ eventID }) => eventID);
const nothing = { batchItemFailures: [] };

describe('a change of a VM', () => {
  it('reaches the bus as one event and starts one execution', async () => {
    const given = created();
    expect(await world.relay()({ Records: [given] })).toEqual(nothing);
    expect(await world.published()).toEqual([
      {
        type: 'vm_status_changed',
        id: given.eventID,
        workspace_id: '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a',
        data: expect.objectContaining({ vm_id: idOf(given), status: 'pending', previous: null }),
        version: 1,
        timestamp: '2026-01-01T00:00:00.000Z',
      },
    ]);
    expect(await world.started()).toContain(nameOf(given));
  });

  it('that is delivered again starts nothing, and repeats its event with the same id', async () => {
    const given = created();
    const relay = world.relay();
    for (let times = 0; times < 3; times += 1) expect(await relay({ Records: [given, given] })).toEqual(nothing);
    expect((await world.started()).filter((name) => name === nameOf(given))).toHaveLength(1);
    expect(new Set(await published())).toEqual(new Set([given.eventID]));
  });
});

describe('a record that cannot be handled', () => {
  const broken: Derive = ({ after }) => {
    throw new Error(`cannot derive ${after?.['id']}`);
  };

  it('waits whole in the queue and stops nobody; mended, a redrive does what it asked for', async () => {
    const [before, poison, after] = [created(), created(), created()];
    const rule: Derive = (change) => (change.id === poison.eventID ? broken(change) : []);
    const { vm: real } = (await import('../../../functions/relay/derivations.ts')).derivations;
    const rules = { vm: (change: Parameters<Derive>[0]) => [...rule(change), ...real(change)] };
    expect(await world.relay({ rules })({ Records: [before, poison, after] })).toEqual(nothing);
    expect(await published()).toEqual(eventIds([before, after]));
    const waiting = await world.failedRecords();
    expect(waiting.map(({ body }) => JSON.parse(body))).toEqual([poison]);

    expect(await world.relay({ rules })({ Records: waiting })).toEqual({
      batchItemFailures: [{ itemIdentifier: waiting[0]?.messageId }],
    });
    expect(await world.relay()({ Records: waiting })).toEqual(nothing);
    expect(await published()).toEqual([poison.eventID]);
    expect(await world.started()).toContain(nameOf(poison));
  });
});

describe('while a service is down', () => {
  it.each(['events', 'executions', 'both'] as const)('(%s) every change waits, and none is lost', async (down) => {
    const records = Array.from({ length: 23 }, () => created());
    expect(await world.relay({ down })({ Records: records })).toEqual(nothing);
    const waiting = await world.failedRecords();
    expect(waiting).toHaveLength(records.length);
    await world.published();
    expect(await world.relay()({ Records: waiting })).toEqual(nothing);
    expect(new Set(await published())).toEqual(new Set(eventIds(records)));
    expect(await world.started()).toEqual(expect.arrayContaining(records.map(nameOf)));
  });

  it('and the queue with it, the stream waits', async () => {
    const records = [created(), created()];
    const relay = world.relay({
      down: 'queue',
      rules: {
        vm: () => {
          throw new Error('broken');
        },
      },
    });
    expect(await relay({ Records: records })).toEqual({
      batchItemFailures: records.map(({ dynamodb }) => ({ itemIdentifier: dynamodb?.SequenceNumber })),
    });
  });
});

const undoing = ['drop', 'page', 'ThrottlingException', 'InternalFailure'];
const faults = [...undoing, 'lose', 'cut'];
const broken = () => {
  throw new Error('broken');
};

/** Sixty changes through a relay while each service fails thirty times; then whatever waits is tried until nothing does. */
async function relayUnderFaults(seed: number, kinds: readonly string[], options: RelayTwist = {}) {
  const random = seededRandom(seed);
  const records = Array.from({ length: 60 }, () => created());
  const services =
    options.forgets === true ? [world.events, world.executions] : [world.events, world.executions, world.queue];
  for (const proxy of services) {
    proxy.fired.length = 0;
    proxy.faults.push(...Array.from({ length: 30 }, () => kinds[Math.floor(random() * kinds.length)] ?? 'drop'));
  }
  const relay = world.relay(options);
  await consumeStream(relay, records, 7);
  // Records that fail meet the queue's own faults.
  const poisoned = world.relay({ ...options, rules: { vm: broken } });
  for (let times = 0; world.queue.faults.length > 0 && times < 30; times += 1)
    await consumeStream(poisoned, [...records.slice(0, 7), created()], 8);
  for (let waiting = await world.failedRecords(); waiting.length > 0; waiting = await world.failedRecords()) {
    await consumeQueue(relay, waiting);
  }
  for (let times = 0; services.some((proxy) => proxy.faults.length > 0) && times < 60; times += 1) {
    await relay({ Records: [message(created())] });
  }
  const [seen, names] = [new Set(await published()), await world.started()];
  return {
    lost: eventIds(records).filter((id) => !seen.has(String(id))).length,
    notOnce: records.map(nameOf).filter((name) => names.filter((of) => of === name).length !== 1).length,
    fired: services.map((proxy) => proxy.fired.length),
  };
}

describe('under faults of every service at once', () => {
  const seeds = Array.from({ length: rounds(5, 50) }, (_, nth) => nth + 1);

  it.each(seeds)('nothing is lost and nothing starts twice (seed %i)', async (seed) => {
    expect(await relayUnderFaults(seed, faults)).toEqual({ lost: 0, notOnce: 0, fired: [30, 30, 30] });
  });

  it('a relay that keeps nothing of what fails loses events and executions: the control', async () => {
    expect(await relayUnderFaults(1, undoing)).toMatchObject({ lost: 0, notOnce: 0 });
    const { lost, notOnce } = await relayUnderFaults(1, undoing, { forgets: true });
    expect([lost > 0, notOnce > 0]).toEqual([true, true]);
  });
});
