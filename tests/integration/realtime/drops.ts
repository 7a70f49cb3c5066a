import { setTimeout as pause } from 'node:timers/promises';
import { inParallel } from '../../../functions/platform/in-parallel.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import type { Message, SocketClient } from './client.ts';

/** Where clients and the things that they watch are. A client is one user, a member of one workspace. */
export interface Arena {
  workspaces: number;
  /** Connections opened at once. */
  atOnce: number;
  /** Opens a socket and authenticates. */
  enter(client: number): Promise<SocketClient>;
  /** The versions of its workspace's things by id, as a client reads them when it has come back. */
  read(client: number): Promise<Record<string, number>>;
  /** Changes one thing of the workspace; answers its id and version. */
  change(workspace: number): Promise<{ id: string; version: number }>;
  isForeign(client: number, event: Message): boolean;
}

export interface DropOptions {
  clients: number;
  /** How often each client loses its connection. */
  drops: number;
  changes: number;
  seed: number;
  /** False leaves out the guard that is on trial: a client that comes back and does not ask how things are. */
  readsState?: boolean;
  /** After which a client that does not know how things are never will. */
  withinMs?: number;
}

/** No measure of speed: how long the slowest took is told, and depends on the machine. */
const patienceMs = 60_000;

interface Watcher {
  nth: number;
  workspace: number;
  socket?: SocketClient;
  /** Sockets it had before, whose events it keeps. */
  past: SocketClient[];
  held: Record<string, number>;
  back: number;
}

const hold = (held: Record<string, number>, id: string, version: number) => {
  held[id] = Math.max(held[id] ?? 0, version);
};

/** Of the VMs; what owners are notified of besides is theirs. */
const eventsOf = ({ past, socket }: Watcher) =>
  [...past, ...(socket === undefined ? [] : [socket])]
    .flatMap((of) => of.events())
    .filter(({ type }) => type === 'vm_status_changed');

function holds(watcher: Watcher, truth: Record<string, number>): boolean {
  const held = { ...watcher.held };
  for (const { data, version } of eventsOf(watcher)) hold(held, data.vm_id, version);
  return Object.entries(truth).every(([id, version]) => held[id] === version);
}

/** For each client, the changes before which it is dropped and after which it comes back; the last may be after all. */
function planDrops(random: () => number, { drops, changes }: DropOptions) {
  const moments = new Set<number>();
  while (moments.size < 2 * drops) moments.add(Math.floor(random() * changes));
  const sorted = [...moments].toSorted((a, b) => a - b);
  const plan = { drops: new Set<number>(), returns: new Set<number>() };
  for (const [nth, moment] of sorted.entries()) (nth % 2 === 0 ? plan.drops : plan.returns).add(moment);
  return plan;
}

/** Things change while clients lose their connections at random; in the end each must know how things are, and of nothing else. */
export async function runDrops(arena: Arena, options: DropOptions) {
  const { clients, changes, seed, readsState = true, withinMs = patienceMs } = options;
  const random = seededRandom(seed);
  const truth: Record<string, number>[] = Array.from({ length: arena.workspaces }, () => ({}));
  const watchers: Watcher[] = Array.from({ length: clients }, (_, nth) => ({
    nth,
    workspace: nth % arena.workspaces,
    past: [],
    held: {},
    back: 0,
  }));
  const plans = watchers.map(() => planDrops(random, options));
  let dropped = 0;

  const come = async (watcher: Watcher, reads: boolean) => {
    watcher.socket = await arena.enter(watcher.nth);
    if (reads)
      for (const [id, version] of Object.entries(await arena.read(watcher.nth))) hold(watcher.held, id, version);
    watcher.back = performance.now();
  };
  const leave = (watcher: Watcher) => {
    if (watcher.socket === undefined) return;
    watcher.socket.drop();
    watcher.past.push(watcher.socket);
    delete watcher.socket;
    dropped += 1;
  };
  await inParallel(arena.atOnce, watchers, (watcher) => come(watcher, true));
  for (let at = 0; at < changes; at += 1) {
    for (const watcher of watchers) if (plans[watcher.nth]?.drops.has(at)) leave(watcher);
    const workspace = Math.floor(random() * arena.workspaces);
    const { id, version } = await arena.change(workspace);
    hold(truth[workspace] ?? {}, id, version);
    const returning = watchers.filter(({ nth }) => plans[nth]?.returns.has(at));
    await inParallel(arena.atOnce, returning, (watcher) => come(watcher, readsState));
  }
  const changed = performance.now();
  const late: number[] = [];
  let slowestMs = 0;
  for (const watcher of watchers) {
    const from = Math.max(changed, watcher.back);
    while (!holds(watcher, truth[watcher.workspace] ?? {})) {
      if (performance.now() - from > withinMs) {
        late.push(watcher.nth);
        break;
      }
      await pause(5);
    }
    slowestMs = Math.max(slowestMs, performance.now() - from);
  }
  const seen = watchers.map((watcher) => ({ watcher, events: eventsOf(watcher) }));
  const foreign = seen.flatMap(({ watcher, events }) => events.filter((event) => arena.isForeign(watcher.nth, event)));
  for (const { socket } of watchers) socket?.drop();
  return {
    dropped,
    late: late.length,
    foreign: foreign.length,
    events: seen.reduce((total, { events }) => total + events.length, 0),
    slowestMs: Math.round(slowestMs),
  };
}
