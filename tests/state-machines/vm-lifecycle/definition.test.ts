import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stepNames } from '../../../contracts/compute/vm-event.ts';
import { busyMinutes } from '../../../contracts/compute/vm-states.ts';
import { awaitedForMs, forgottenAfterMs } from '../../../functions/compute/domain/busy.ts';
import { providerErrorNames } from '../../../functions/compute/domain/provider-error.ts';
import { tickMs } from '../../integration/reconcile/tick-world.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { readDefinition } from '../../support/step-functions.ts';
import { definition, pathOf, stepOf, taskStates } from './engine.ts';

interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds: number;
  MaxAttempts: number;
  BackoffRate: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: string;
}

/** Seconds until the last try, at most. */
const longestOf = ({ IntervalSeconds, MaxAttempts, BackoffRate, MaxDelaySeconds = Infinity }: Retrier): number =>
  Array.from({ length: MaxAttempts }, (_, nth) =>
    Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** nth),
  ).reduce((sum, pause) => sum + pause, 0);

/**
 * So many ask at once a provider that lets a few through and then so many a second, for the account and not the VM; who is refused comes back as the retrier says.
 * Answers how many came back in vain, and after how many seconds the last was let through.
 */
function crowd(many: number, { burst, aSecond }: { burst: number; aSecond: number }, retrier: Retrier, seed: number) {
  const random = seededRandom(seed);
  const { IntervalSeconds, MaxAttempts, BackoffRate, MaxDelaySeconds = Infinity, JitterStrategy } = retrier;
  const waiting = Array.from({ length: many }, () => ({ at: 0, tried: 0 }));
  const outcome = { failed: 0, seconds: 0 };
  let [tokens, filled] = [burst, 0];
  for (;;) {
    const [next] = waiting.sort((a, b) => a.at - b.at);
    if (next === undefined) return outcome;
    const { at, tried } = next;
    [tokens, filled] = [Math.min(burst, tokens + (at - filled) * aSecond), at];
    if (tokens >= 1) {
      tokens -= 1;
      outcome.seconds = at;
      waiting.shift();
    } else if (tried === MaxAttempts) {
      outcome.failed += 1;
      waiting.shift();
    } else {
      const pause = Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** tried);
      Object.assign(next, { at: at + pause * (JitterStrategy === 'FULL' ? random() : 1), tried: tried + 1 });
    }
  }
}

const tasks = taskStates.map((name) => ({ name, ...definition.States[name] })) as unknown as {
  name: string;
  Resource: string;
  Parameters: object;
  TimeoutSeconds: number;
  Retry: Retrier[];
  Catch?: { ErrorEquals: string[]; Next: string; ResultPath: string }[];
}[];

/** Names that our own steps throw, Lambda's, and the state machine's. */
const known = [...providerErrorNames, 'StillBusy', 'StoreUnavailable'];
const ofLambda = /^(Lambda\.\w+|Sandbox\.Timedout|Runtime\.ExitError|States\.(Timeout|ALL))$/;

describe('the definition of vm-lifecycle', () => {
  it('calls a step that there is in every task, and every step in some task', () => {
    expect(new Set(taskStates.map(stepOf))).toEqual(new Set(stepNames));
  });

  it('hands a step what the execution is about, and nothing else', () => {
    for (const { Parameters, name } of tasks) expect(Parameters).toEqual({ step: stepOf(name), 'run.$': '$' });
  });

  it('bounds, retries and catches every task', () => {
    for (const { name, TimeoutSeconds, Retry, Catch } of tasks) {
      expect([name, TimeoutSeconds <= 210, Retry.length > 0]).toEqual([name, true, true]);
      if (name === 'RecordError') continue;
      expect([name, Catch?.map(({ ErrorEquals }) => ErrorEquals)]).toEqual([name, [['States.ALL']]]);
    }
  });

  it('ends every failure in RecordError, a create’s by way of its undoing', () => {
    for (const { name, Catch } of tasks) {
      if (name === 'RecordError' || name === 'Tag') continue;
      const next = pathOf('create').includes(name) ? 'UndoLaunch' : 'RecordError';
      expect([name, Catch?.[0]?.Next]).toEqual([name, next]);
    }
    const undo = tasks.find(({ name }) => name === 'UndoLaunch');
    expect(undo?.Catch?.[0]?.ResultPath, 'what failed first stays the reason').not.toBe('$.error');
  });

  it('ends a telling of tags that fails in peace: the record says that it is due', () => {
    expect(tasks.find(({ name }) => name === 'Tag')?.Catch?.[0]?.Next).toBe('TagsStayDue');
  });

  it('retries by names that are thrown, and no failure that lasts', () => {
    const lasting = [
      'ProviderRefused',
      'CapacityLacking',
      'QuotaOfCloudReached',
      'CredentialRejected',
      'ImageNotFound',
      'MachineGone',
      'LaunchSpent',
    ];
    for (const { name, Retry } of tasks) {
      const names = Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
      expect([name, names.filter((error) => !known.some((ours) => ours === error) && !ofLambda.test(error))]).toEqual([
        name,
        [],
      ]);
      if (!name.startsWith('Record'))
        expect(names.filter((error) => lasting.includes(error) || error === 'States.ALL')).toEqual([]);
    }
  });

  it('waits, each task for itself, until Lambda has room for it: minutes, and not all at the same moment', () => {
    const retriers = [definition, readDefinition('workspace-teardown')].flatMap(({ States: states }) =>
      Object.values(states).flatMap(({ Type, Retry }) => (Type === 'Task' ? [Retry as Retrier[]] : [])),
    );
    for (const [first, ...rest] of retriers) {
      if (first === undefined) throw new Error('this task is not tried again');
      expect([first.ErrorEquals, first.JitterStrategy]).toEqual([['Lambda.TooManyRequestsException'], 'FULL']);
      expect([longestOf(first) > 120, longestOf(first) < definition.TimeoutSeconds / 3]).toEqual([true, true]);
      expect(rest.flatMap(({ ErrorEquals }) => ErrorEquals)).not.toContain('Lambda.TooManyRequestsException');
    }
  });

  describe('asks a provider that throttles', () => {
    const acting = ['Launch', 'Start', 'Restart', 'Stop', 'Terminate', 'Tag'];
    const retriersOf = (task: string) => tasks.find(({ name }) => name === task)?.Retry ?? [];
    const throttledIn = (task: string): Retrier => {
      const found = retriersOf(task).find(({ ErrorEquals }) => ErrorEquals.includes('ProviderThrottled'));
      if (found === undefined) throw new Error(`${task} is not tried again`);
      return found;
    };

    it('for minutes, at random, each task for itself, and leaves time to wait for the machine', () => {
      for (const name of acting) {
        const throttled = throttledIn(name);
        expect([name, throttled.ErrorEquals, throttled.JitterStrategy]).toEqual([name, ['ProviderThrottled'], 'FULL']);
        const [noRoom] = retriersOf(name);
        const longest = longestOf(throttled) + (noRoom === undefined ? 0 : longestOf(noRoom));
        expect([name, longestOf(throttled) > 240, longest * 1_000 < awaitedForMs]).toEqual([name, true, true]);
      }
    });

    it('as long as an undoing may take, at random', () => {
      const throttled = throttledIn('UndoLaunch');
      expect([throttled.ErrorEquals, throttled.JitterStrategy]).toEqual([['ProviderThrottled'], 'FULL']);
      expect(longestOf(throttled) * 1_000).toBeLessThan(definition.TimeoutSeconds * 1_000 - awaitedForMs);
    });

    it('until all of a crowd have come through', () => {
      // EC2's own for RunInstances, by account and region.
      const ec2 = { burst: 5, aSecond: 2 };
      for (const name of acting)
        for (let seed = 1; seed <= 20; seed += 1)
          for (const many of [50, 100]) {
            const { failed, seconds } = crowd(many, ec2, throttledIn(name), seed);
            expect([name, seed, many, failed, seconds < 180]).toEqual([name, seed, many, 0, true]);
          }
    });

    it('in vain, where all come back at the same moments and three times (control)', () => {
      const poor = { ErrorEquals: [], IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 2 };
      expect(crowd(50, { burst: 5, aSecond: 2 }, poor, 1).failed).toBeGreaterThan(15);
    });
  });

  it('undoes and ends a machine that is on its way somewhere as soon as it takes that', () => {
    for (const name of ['UndoLaunch', 'Terminate']) {
      const retry = tasks.find((task) => task.name === name)?.Retry;
      expect([name, retry?.some(({ ErrorEquals }) => ErrorEquals.includes('MachineBusy'))]).toEqual([name, true]);
    }
  });

  it('leaves a minute to undo and record what was awaited in vain, and another until the VM counts as forgotten', () => {
    const endsAfter = definition.TimeoutSeconds * 1_000;
    expect(endsAfter - awaitedForMs).toBeGreaterThanOrEqual(60_000);
    expect(forgottenAfterMs - endsAfter).toBeGreaterThanOrEqual(60_000);
  });

  it('leaves, of the time that a VM may be busy, as much as a message may wait between two ticks', () => {
    expect(busyMinutes * 60_000 - forgottenAfterMs).toBeGreaterThanOrEqual(tickMs);
  });

  it('calls one function, whose ARN is all that a deployment fills in', () => {
    const text = readFileSync(
      new URL('../../../state-machines/vm-lifecycle/vm-lifecycle.asl.json', import.meta.url),
      'utf8',
    );
    expect(new Set(text.match(/\$\{\w+\}/g))).toEqual(new Set([`\${VmStepsArn}`]));
    expect(text).not.toMatch(/user_data|secret|password|token/i);
  });

  it('is told about state by state', () => {
    const told = readFileSync(new URL('../../../state-machines/vm-lifecycle/vm-lifecycle.md', import.meta.url), 'utf8');
    for (const state of taskStates) expect(told).toContain(state);
  });
});
