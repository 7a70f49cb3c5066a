import { vmStates } from '../../../contracts/compute/vm-states.ts';
import { ProviderError, type ProviderErrorName } from '../../../functions/compute/domain/provider-error.ts';
import { heldVcpus } from '../../../functions/compute/domain/resize.ts';
import type { VmRecord } from '../../../functions/compute/domain/vm.ts';
import { listOrphans } from '../../../functions/compute/store/orphan-store.ts';
import { listGroups } from '../../../functions/compute/store/registry.ts';
import { createScheduleStore } from '../../../functions/compute/store/schedule-store.ts';
import { createVmStore } from '../../../functions/compute/store/vm-store.ts';
import { key } from '../../../functions/platform/table/key.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { type Given, type KilledWorld, makeKilledWorld } from './killed-world.ts';

const minute = 60_000;
const tickMs = 5 * minute;
const mostVms = 5;
const mostRounds = 30;
/** Looks for which a new machine is not shown. */
const mostUnseen = 2;
const lies: ProviderErrorName[] = ['ProviderThrottled', 'ProviderUnavailable', 'CredentialRejected'];

interface Draw {
  random: () => number;
  pick: <Value>(values: readonly Value[]) => Value;
  chance: (share: number) => boolean;
}

const vmsOf = ({ table, workspaceId }: KilledWorld): Promise<VmRecord[]> => createVmStore(table).list(workspaceId);

/** A cloud that fails some calls, shows new machines late, leaves some out of lists, and loses one now and then. */
function lie({ cloud }: KilledWorld, { random, pick, chance }: Draw): void {
  cloud.clear();
  for (let n = Math.floor(random() * 3); n > 0; n -= 1)
    cloud.plan({
      on: pick(['list', 'describe', 'launch', 'launch', 'find', 'start', 'stop', 'restart', 'terminate', 'setTags']),
      when: pick(['before', 'after']),
      error: new ProviderError(pick(lies), 'a lie', { effect: 'unknown' }),
    });
  cloud.unseenFor = Math.floor(random() * (mostUnseen + 1));
  cloud.boot = chance(0.15) ? ['booting', 'gone'] : ['booting'];
  cloud.hidden.clear();
  for (const { id } of cloud.alive()) if (chance(0.2)) cloud.hidden.add(id);
  const resting = cloud.alive().filter(({ ahead }) => ahead.length === 0);
  if (resting.length > 0 && chance(0.25)) pick(resting).state = pick(['on', 'off', 'gone']);
}

/** Runs of a schedule, a quarter of an hour apart or more: within the time of a scenario several come. */
const patterns = { start: ['*/30 * * * *', '7 * * * *'], stop: ['15,45 * * * *', '22 * * * *'] } as const;

/** What an admin may set the schedule to, drawn: both runs, one of them, or none. */
const askSchedule = (world: KilledWorld, { pick, chance }: Draw): void => {
  const [start, stop] = [chance(0.7) ? pick(patterns.start) : null, chance(0.7) ? pick(patterns.stop) : null];
  const enabled = chance(0.85);
  world.ask('schedule', ({ schedule }) => schedule({ start, stop, enabled }));
};

/** What a member may ask now, drawn. */
async function askSomething(world: KilledWorld, { pick, chance, random }: Draw): Promise<void> {
  const vms = await vmsOf(world);
  const soon = () => new Date(world.dependencies.now().getTime() + Math.ceil(random() * 90) * minute).toISOString();
  if (vms.length === 0 || (vms.length < mostVms && chance(0.4))) {
    const more = { ...(chance(0.4) && { expires_at: soon() }), ...(chance(0.3) && { user_data: '#cloud-config' }) };
    world.ask('create', ({ create }) => create({ ...more, tags: { team: 'a' } }));
    return;
  }
  const { id } = pick(vms);
  const action = pick(['start', 'stop', 'restart', 'delete', 'start', 'stop', 'change', 'resize', 'expire'] as const);
  if (action === 'change') world.ask(action, ({ change }) => change(id, { tags: { team: pick(['b', 'c']) } }));
  else if (action === 'resize')
    world.ask(action, ({ change }) => change(id, { instance_type: pick(['small', 'large']) }));
  else if (action === 'expire')
    world.ask(action, ({ change }) => change(id, { expires_at: chance(0.3) ? null : soon() }));
  else world.ask(action, ({ act }) => act(id, action));
}

async function tick(world: KilledWorld): Promise<void> {
  await world.pass(tickMs);
  world.look();
  world.recall();
  world.fireTimers();
  await world.run();
}

/** By the first of the two ticks the cloud shows to everybody what it made. */
async function knowAll({ cloud }: KilledWorld): Promise<void> {
  const provider = await cloud.connect({ region: 'eu-west-1', secret: {} });
  for (const { id } of cloud.alive()) for (let looks = 0; looks <= mostUnseen; looks += 1) await provider.describe(id);
}

/** An honest cloud and no more kills: after two ticks, and what they start, all is to be at rest. */
async function settle(world: KilledWorld): Promise<void> {
  world.cloud.clear();
  world.cloud.hidden.clear();
  Object.assign(world.cloud, { unseenFor: 0, boot: ['booting'] });
  await knowAll(world);
  await world.run();
  await tick(world);
  await tick(world);
}

const isDead = (state: string | undefined) => state === undefined || state === 'gone' || state === 'dying';

function wrongWith(world: KilledWorld, vm: VmRecord, now: string): string[] {
  const { cloud, timers, notices } = world;
  const wrong: string[] = [];
  const state = cloud.machines.get(vm.instance_id ?? '')?.state;
  const name = `a VM that is ${vm.status}`;
  if (vmStates[vm.status].busy !== undefined) wrong.push(`${name} after two ticks`);
  if (vm.status === 'error' && !/^[A-Z_]+/.test(vm.status_reason ?? '')) wrong.push(`${name} without a reason`);
  if (vm.status === 'running' && state !== 'on') wrong.push(`${name}, its machine ${state}`);
  if (vm.status === 'stopped' && state !== 'off' && !isDead(state)) wrong.push(`${name}, its machine ${state}`);
  if (cloud.alive(vm.id).length > 1) wrong.push(`${name} with ${cloud.alive(vm.id).length} machines`);
  if (vm.expires_at === null) return wrong;
  const counting = [...timers.values()].filter(({ id, of }) => id === vm.id && of === vm.expires_at);
  if (counting.length !== 1) wrong.push(`${name} with ${counting.length} timers that count`);
  const stops = notices.get(key('NOTICE', `${vm.id}.vm_stop.${vm.expires_at}`)) ?? 0;
  if (stops !== (vm.expires_at <= now ? 1 : 0)) wrong.push(`${name} whose expiry fired ${stops} times`);
  return wrong;
}

/** Each run that the schedule has is ahead, by a timer of this version of it, and was looked at in time. */
async function wrongWithSchedule({ table, workspaceId, timers }: KilledWorld, now: Date): Promise<string[]> {
  const schedule = await createScheduleStore(table).find(workspaceId);
  return (['start', 'stop'] as const).flatMap((action) => {
    const counting = [...timers.values()].filter(
      ({ kind, of }) => kind === `schedule_${action}` && of === String(schedule.version),
    );
    const wanted = schedule.enabled && schedule[action] !== null ? 1 : 0;
    if (counting.length !== wanted) return [`a schedule with ${counting.length} timers to ${action}, of ${wanted}`];
    return counting.some(({ at }) => Date.parse(String(at)) < now.getTime() - tickMs)
      ? [`a ${action} that is late`]
      : [];
  });
}

/** Everything that is not as it was promised, in words. */
async function findWrongs(world: KilledWorld): Promise<string[]> {
  const { cloud, table } = world;
  const vms = await vmsOf(world);
  const now = world.dependencies.now().toISOString();
  const wrong = vms.flatMap((vm) => wrongWith(world, vm, now));
  const listed = new Set((await listOrphans(table)('aws')).map(({ instance_id }) => instance_id));
  const owned = new Set(vms.map(({ instance_id }) => instance_id));
  for (const { id, state } of cloud.alive())
    if (!owned.has(id) && !listed.has(id)) wrong.push(`a machine that is ${state}, no VM’s and no listed orphan`);
  const held = vms.reduce((sum, vm) => sum + heldVcpus(vm), 0);
  const [is, counted] = [{ vms: vms.length, vcpus: held, uses: vms.length }, await world.counted()];
  if (JSON.stringify(is) !== JSON.stringify(counted))
    wrong.push(`${JSON.stringify(counted)} counted of ${JSON.stringify(is)}`);
  for (const [notice, times] of world.notices) if (times > 1) wrong.push(`${notice} written ${times} times`);
  wrong.push(...(await wrongWithSchedule(world, world.dependencies.now())));
  wrong.push(...world.strayed);
  const groups = await listGroups(table);
  if (vms.length > 0 && groups.length !== 1) wrong.push(`${groups.length} groups to look at`);
  return wrong;
}

export interface Outcome {
  planned: number;
  fired: number;
  trace: readonly string[];
  wrong: string[];
  lost: KilledWorld['lost'];
  /** Runs of the schedule that came. */
  runs: number;
}

/** Members, workflows, relay, reconciler and timers at once, until all kills have been; then two quiet ticks; then all is deleted. */
export async function runScenario(seed: number, given: Omit<Given, 'random'>): Promise<Outcome> {
  const random = seededRandom(seed);
  const draw: Draw = {
    random,
    pick: (values) => values[Math.floor(random() * values.length)] as (typeof values)[number],
    chance: (share) => random() < share,
  };
  const world = await makeKilledWorld({ ...given, random });
  const { killer, lost } = world;
  await world.table.write({ put: { pk: 'TIMER', sk: 'WATERMARK', hour: '2026-01-31T22' } });
  await world.table.write({ put: { pk: key('WS', world.workspaceId), sk: 'WS', is_active: true } });
  for (let round = 0; round < mostRounds && killer.fired() < killer.planned; round += 1) {
    lie(world, draw);
    for (let n = 0; n < 3; n += 1) await askSomething(world, draw);
    if (round === 0 || draw.chance(0.1)) askSchedule(world, draw);
    await world.pass(Math.ceil(random() * 5) * minute);
    if (draw.chance(0.5)) world.look();
    world.recall();
    if (draw.chance(0.5)) world.fireTimers();
    await world.run();
  }
  await settle(world);
  const wrong = await findWrongs(world);
  if (wrong.length === 0) {
    for (const { id } of await vmsOf(world)) world.ask('delete', ({ act }) => act(id, 'delete'));
    await settle(world);
    wrong.push(...(await findWrongs(world)).map((what) => `after deletion, ${what}`));
    const left = await vmsOf(world);
    if (left.length > 0) wrong.push(`${left.length} VMs that could not be deleted`);
  }
  return { planned: killer.planned, fired: killer.fired(), trace: killer.trace, wrong, lost, runs: world.runs.length };
}
