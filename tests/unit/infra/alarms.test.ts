import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { internalEventTypes, profileEventTypes } from '../../../contracts/internal-events.ts';
import { eventTypes } from '../../../contracts/realtime/events.ts';
import { deadLetters } from '../../../infra/dead-letters.ts';
import { functions } from '../../../infra/functions.ts';
import { resourcesOf, synthesise } from './templates.ts';

const { data, core, control, edge } = synthesise('dev', 'adminEmail=ops@example.com', 'mailFrom=no-reply@example.com');
const alarms = resourcesOf('AWS::CloudWatch::Alarm', data, core, control, edge).map(({ Properties }) => Properties);
// biome-ignore lint/suspicious/noExplicitAny: templates have every shape
const byName: Record<string, any> = Object.fromEntries(
  alarms.map((alarm) => [alarm.AlarmName.replace('skyclust-dev-', ''), alarm] as const),
);
const names = alarms.map(({ AlarmName }) => AlarmName.replace('skyclust-dev-', ''));
const queues = resourcesOf('AWS::SQS::Queue', core, control).map(({ Properties }) => Properties);
const runbook = join(import.meta.dirname, '../../../docs/runbook.md');

describe('alarms', () => {
  it.each(Object.keys(functions))('ring when %s fails or is throttled', (name) => {
    expect(names).toContain(`${name}-errors`);
    expect(names).toContain(`${name}-throttles`);
  });

  it.each(Object.keys(deadLetters))('ring at the first message in %s', (name) => {
    const alarm = alarms.find(({ AlarmName }) => AlarmName === `skyclust-dev-${name}`);
    expect(alarm).toMatchObject({ MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 0 });
  });

  it('ring for each consumer of the stream that falls behind, and there are two', () => {
    const sources = resourcesOf('AWS::Lambda::EventSourceMapping', core, control).filter(
      ({ Properties }) => Properties.StartingPosition !== undefined,
    );
    expect(sources).toHaveLength(2);
    expect(names.filter((name) => name.endsWith('-behind')).toSorted()).toEqual(['audit-chain-behind', 'relay-behind']);
  });

  it('ring for each consumer of the stream that does not ask it for records any more, which a quiet one does', () => {
    const mappings = Object.entries(core.findResources('AWS::Lambda::EventSourceMapping')).filter(
      ([, { Properties }]) => Properties.StartingPosition !== undefined,
    );
    for (const [, { Properties }] of mappings) expect(Properties.MetricsConfig).toEqual({ Metrics: ['EventCount'] });
    const stopped = ['relay-stopped', 'audit-chain-stopped'].map((name) => byName[name]);
    expect(stopped.map((alarm) => alarm?.Dimensions)).toEqual(
      mappings.map(([id]) => [{ Name: 'EventSourceMappingUUID', Value: { Ref: id } }]),
    );
    // Of a poll that found nothing the figure is 0, of none there is no figure: how many there are is what counts.
    for (const alarm of stopped)
      expect(alarm).toMatchObject({
        Namespace: 'AWS/Lambda',
        MetricName: 'PolledEventCount',
        Statistic: 'SampleCount',
        ComparisonOperator: 'LessThanThreshold',
        Threshold: 1,
        Period: 300,
        EvaluationPeriods: 3,
        DatapointsToAlarm: 3,
        TreatMissingData: 'breaching',
      });
  });

  it('ring when an execution ends badly, and when the API or the edge answers badly or late', () => {
    expect(names).toEqual(
      expect.arrayContaining([
        'vm-lifecycle-failed',
        'vm-lifecycle-timed-out',
        'workspace-teardown-failed',
        'workspace-teardown-timed-out',
        'api-errors',
        'api-slow',
        'edge-errors',
      ]),
    );
  });

  it.each(alarms)('$AlarmName says what it means and what to do, and rings somewhere', (alarm) => {
    expect(alarm.AlarmDescription).toMatch(/\. Do: .+ See docs\/runbook\.md#[a-z-]+$/);
    expect(alarm.AlarmActions).toHaveLength(1);
    expect(alarm.OKActions).toHaveLength(1);
    expect(alarm.TreatMissingData).toBe(/-(clock|stopped)$/.test(alarm.AlarmName) ? 'breaching' : 'notBreaching');
  });

  it.each(alarms)('$AlarmName looks back no further than CloudWatch does', ({ Period, EvaluationPeriods }) => {
    expect(Period * EvaluationPeriods).toBeLessThanOrEqual(Period < 3_600 ? 86_400 : 604_800);
  });

  it('ring when a clock stops, each within a time that fits it, and a day of grace for those of a day', () => {
    const clocks = resourcesOf('AWS::Events::Rule', core, control).filter(({ Properties }) =>
      Properties.ScheduleExpression?.startsWith('rate'),
    );
    expect(clocks).toHaveLength(5);
    const seconds = Object.fromEntries(
      Object.entries(byName).flatMap(([name, alarm]) =>
        name.endsWith('-clock') ? [[name, alarm.Period * alarm.EvaluationPeriods] as const] : [],
      ),
    );
    expect(seconds).toEqual({
      'fire-timers-clock': 900,
      'reconcile-clock': 900,
      'audit-anchor-clock': 2_700,
      'audit-archive-clock': 172_800,
      'account-sweep-clock': 172_800,
    });
    for (const name of Object.keys(seconds))
      expect(byName[name]).toMatchObject({
        ComparisonOperator: 'LessThanThreshold',
        Threshold: 1,
        DatapointsToAlarm: byName[name]?.EvaluationPeriods,
        Namespace: name === 'reconcile-clock' ? 'AWS/Events' : 'AWS/Lambda',
      });
  });

  it('do not ring for a clock that a setting has stopped', () => {
    const off = synthesise('dev', 'auditAnchor=false', 'auditArchive=false', 'reconcile=false', 'timers=false');
    const left = resourcesOf('AWS::CloudWatch::Alarm', off.core, off.control)
      .map(({ Properties }) => Properties.AlarmName)
      .filter((name) => name.endsWith('-clock'));
    expect(left).toEqual(['skyclust-dev-account-sweep-clock']);
  });

  it('ring when work waits for too long in any of its queues', () => {
    const work = queues
      .map(({ QueueName }) => QueueName.replace('skyclust-dev-', ''))
      .filter((name) => !Object.keys(deadLetters).includes(name));
    const late = work.map((name) => [name, byName[`${name}-late`]?.Threshold]);
    expect(Object.fromEntries(late)).toEqual(
      Object.fromEntries(work.map((name) => [name, name === 'audit-exports' ? 2_700 : 1_800])),
    );
    for (const name of work)
      expect(byName[`${name}-late`]).toMatchObject({ MetricName: 'ApproximateAgeOfOldestMessage' });
  });

  it('ring when the index, the sockets or the mails are in trouble', () => {
    expect(byName['gsi1-write-throttles']).toMatchObject({
      MetricName: 'WriteThrottleEvents',
      Dimensions: expect.arrayContaining([{ Name: 'GlobalSecondaryIndexName', Value: 'gsi1' }]),
    });
    expect(byName['gsi1-read-throttles']).toMatchObject({ MetricName: 'ReadThrottleEvents' });
    expect(byName['socket-refusals']).toMatchObject({ MetricName: 'IntegrationError' });
    expect(byName['socket-errors']).toMatchObject({ MetricName: 'ExecutionError' });
    expect(byName['mails-bounce']).toMatchObject({ MetricName: 'Reputation.BounceRate', Threshold: 0.05 });
    expect(byName['mails-annoy']).toMatchObject({ MetricName: 'Reputation.ComplaintRate', Threshold: 0.001 });
    expect(byName['mails-delayed']).toMatchObject({ MetricName: 'MailsDelayed', Threshold: 0 });
    expect(byName['codes-given-up']).toMatchObject({ MetricName: 'CodesGivenUp', Threshold: 0 });
  });

  it('of mails are there where a sender is set alone', () => {
    const none = synthesise('dev');
    const left = resourcesOf('AWS::CloudWatch::Alarm', none.data, none.core).map(
      ({ Properties }) => Properties.AlarmName,
    );
    for (const name of ['mails-bounce', 'mails-annoy', 'mails-delayed', 'codes-given-up'])
      expect(left).not.toContain(`skyclust-dev-${name}`);
  });

  it('point to what an error means where that is more than an error', () => {
    for (const name of ['audit-anchor', 'audit-archive'])
      expect(byName[`${name}-errors`]?.AlarmDescription).toMatch(new RegExp(`runbook.md#${name}$`));
    expect(byName['relay-errors']?.AlarmDescription).toMatch(/runbook.md#function-errors$/);
  });

  it('point to chapters that the runbook has', () => {
    expect(existsSync(runbook)).toBe(true);
    const chapters = [...readFileSync(runbook, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    for (const { AlarmDescription } of alarms) expect(chapters).toContain(AlarmDescription.split('#').at(-1));
  });

  it('of dead letters point to a chapter that says what each queue holds', () => {
    const text = readFileSync(runbook, 'utf8');
    for (const name of Object.keys(deadLetters)) expect(text).toContain(`| \`${name}\` |`);
  });

  it('are let in by the topics that they ring, which a policy of its own keeps from all that it does not name', () => {
    for (const [stack, name, region] of [
      [data, 'alerts', 'eu-west-1'],
      [edge, 'edge-alerts', 'us-east-1'],
    ] as const) {
      expect(resourcesOf('AWS::SNS::Topic', stack).map(({ Properties }) => Properties.TopicName)).toEqual([
        `skyclust-dev-${name}`,
      ]);
      const [policy] = resourcesOf('AWS::SNS::TopicPolicy', stack);
      const allowed = policy?.Properties.PolicyDocument.Statement.filter(
        ({ Effect }: { Effect: string }) => Effect === 'Allow',
      );
      expect(allowed).toEqual([
        expect.objectContaining({
          Action: 'sns:Publish',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': '111122223333' },
            ArnLike: { 'aws:SourceArn': expect.anything() },
          },
        }),
      ]);
      expect(JSON.stringify(allowed)).toContain(`:cloudwatch:${region}:111122223333:alarm:skyclust-dev-*`);
    }
  });

  it('reach the admin where one is set', () => {
    const subscriptions = resourcesOf('AWS::SNS::Subscription', data, edge);
    expect(subscriptions.map(({ Properties }) => Properties.Endpoint)).toEqual(['ops@example.com', 'ops@example.com']);
    // By these the deployment asks whether they do.
    for (const stack of [data, edge])
      expect(stack?.findOutputs('AlertTopicArn')).toEqual({ AlertTopicArn: { Value: { Ref: expect.any(String) } } });
  });
});

describe('queues', () => {
  it('of work have dead letters, which are kept for 14 days', () => {
    const isDead = ({ QueueName }: { QueueName: string }) =>
      Object.keys(deadLetters).includes(QueueName.replace('skyclust-dev-', ''));
    const work = queues.filter((queue) => !isDead(queue));
    expect(work.map(({ QueueName }) => QueueName).toSorted()).toEqual([
      'skyclust-dev-audit-exports',
      'skyclust-dev-counters',
      'skyclust-dev-mails',
      'skyclust-dev-notifications',
      'skyclust-dev-reconcile',
      'skyclust-dev-relay-failures',
      'skyclust-dev-socket-timeouts',
    ]);
    for (const { QueueName, RedrivePolicy } of work)
      expect(RedrivePolicy.maxReceiveCount).toBe(QueueName === 'skyclust-dev-reconcile' ? 3 : 5);
    for (const queue of queues.filter(isDead)) expect(queue.MessageRetentionPeriod).toBe(14 * 24 * 3600);
    expect(queues.filter(isDead)).toHaveLength(Object.keys(deadLetters).length);
  });

  it('hide a message for six times the time that its consumer has', () => {
    const timeouts = queues.find(({ QueueName }) => QueueName.endsWith('socket-timeouts'));
    expect(timeouts?.VisibilityTimeout).toBe(6 * functions['realtime-socket'].timeoutSeconds);
  });

  it.each([
    ['realtime-push', eventTypes],
    ['member-profiles', profileEventTypes],
  ])('take what %s could not do with its events, from its rule and from the function', (name, types) => {
    const fn = resourcesOf('AWS::Lambda::Function', core).find(
      ({ Properties }) => Properties.FunctionName === `skyclust-dev-${name}`,
    );
    const rules = resourcesOf('AWS::Events::Rule', core).filter(
      ({ Properties }) => Properties.EventPattern?.['detail-type'].join() === types.join(),
    );
    const dead = fn?.Properties.DeadLetterConfig.TargetArn;
    expect(dead).toBeDefined();
    expect(rules.map(({ Properties }) => Properties.Targets[0].DeadLetterConfig.Arn)).toEqual([dead]);
  });

  it('hold no event that is both for clients and for functions of ours', () => {
    expect(internalEventTypes.filter((type) => (eventTypes as string[]).includes(type))).toEqual([]);
  });
});

describe('an execution that ends without settling its thing', () => {
  it('is handed to the function that does, and waits where that fails', () => {
    const [rule] = resourcesOf('AWS::Events::Rule', control).map(({ Properties }) => Properties);
    expect(rule.EventPattern).toMatchObject({
      source: ['aws.states'],
      detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: [expect.anything()] },
    });
    expect(rule.Targets).toMatchObject([{ DeadLetterConfig: expect.anything() }]);
  });
});
