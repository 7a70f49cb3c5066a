import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tellFigures } from '../../support/figures.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { rounds } from '../../support/sizes.ts';
import { runDrops } from './drops.ts';
import { openSquareArena } from './square-arena.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(() => backend?.stop());

const clients = rounds(20, 500);
const options = { clients, drops: 3, changes: 40, seed: Number(process.env['SEED'] ?? 1) };

describe('clients that lose their connections at random, three times each', () => {
  it('know how things are when they have come back, and hear of nobody else’s', async ({ task }) => {
    const arena = await openSquareArena(backend, { clients, workspaces: 4 });
    const { slowestMs, events, ...report } = await runDrops(arena, options);
    tellFigures(task, { events, 'slowest ms': slowestMs });
    expect(report).toEqual({ dropped: 3 * clients, late: 0, foreign: 0 });
    expect(events).toBeGreaterThan(clients);
    await arena.stop();
  });

  it('do not know it when they come back without asking: the control of the first half', async () => {
    const arena = await openSquareArena(backend, { clients, workspaces: 4 });
    const { late } = await runDrops(arena, { ...options, readsState: false, withinMs: 500 });
    expect(late).toBeGreaterThan(0);
    await arena.stop();
  });

  it('hear of everybody’s when membership is not looked at: the control of the second', async () => {
    const everybody = new Set<string>();
    const arena = await openSquareArena(backend, {
      clients: 12,
      workspaces: 4,
      people: (people) => ({
        ...people,
        membersOf: async () => [...everybody],
        read: async (userIds) => {
          for (const userId of userIds) everybody.add(userId);
          const anywhere = new Proxy({}, { getOwnPropertyDescriptor: () => ({ configurable: true, value: 'viewer' }) });
          return (await people.read(userIds)).map((person) => ({
            ...person,
            rights: person.rights && { ...person.rights, memberships: anywhere },
          }));
        },
      }),
    });
    const { foreign } = await runDrops(arena, { ...options, clients: 12 });
    expect(foreign).toBeGreaterThan(0);
    await arena.stop();
  });
});
