import { Duration } from 'aws-cdk-lib';
import {
  Dashboard,
  GraphWidget,
  type IWidget,
  type MathExpression,
  Metric,
  PeriodOverride,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { deadLetters } from '../dead-letters.ts';
import { functions } from '../functions.ts';
import { prefixOf, type Settings } from '../settings.ts';
import { sagaArnPrefix } from './saga.ts';

const period = Duration.minutes(5);
const metric = (
  namespace: string,
  metricName: string,
  dimensionsMap: Record<string, string>,
  statistic = 'Sum',
  label = metricName,
) => new Metric({ namespace, metricName, dimensionsMap, statistic, label, period });

const graph = (title: string, left: (Metric | MathExpression)[], right: (Metric | MathExpression)[] = []): IWidget =>
  new GraphWidget({ title, left, right, width: 12, height: 6 });

/** Every machine that the relay or a person may start, by its folder in state-machines/. */
const machines = ['vm-lifecycle', 'workspace-teardown'];

/**
 * One page of a stage: what people meet, what the platform does for it, what waits for a person. By names alone, so that it shows the other stacks'
 * things, too. Three dashboards an account are free, each further one is 3 USD a month.
 */
export function addDashboard(
  scope: Construct,
  settings: Settings,
  apiIds: { http: string; socket: string },
): Dashboard {
  const prefix = prefixOf(settings);
  const api = (name: string, statistic: string, label: string) =>
    metric('AWS/ApiGateway', name, { ApiId: apiIds.http }, statistic, label);
  const socket = (name: string, statistic = 'Sum', label = name) =>
    metric('AWS/ApiGateway', name, { ApiId: apiIds.socket }, statistic, label);
  const names = Object.keys(functions);
  const ofFunctions = (metricName: string, statistic: string, chosen = names) =>
    chosen.map((name) => metric('AWS/Lambda', metricName, { FunctionName: `${prefix}-${name}` }, statistic, name));
  const apis = names.filter((name) => name.endsWith('-api') || name === 'credential-checks');
  const table = (metricName: string, statistic = 'Sum', label = metricName) =>
    metric('AWS/DynamoDB', metricName, { TableName: prefix }, statistic, label);
  const index = (metricName: string) =>
    metric('AWS/DynamoDB', metricName, { TableName: prefix, GlobalSecondaryIndexName: 'gsi1' });
  const own = (service: string, metricName: string, statistic = 'Sum') =>
    metric('SkyClust', metricName, { service }, statistic, `${metricName} ${service}`);
  const emitted = (metricName: string) => apis.map((name) => own(name, metricName));
  const mails = (metricName: string, statistic = 'Sum') => metric('AWS/SES', metricName, {}, statistic);
  const sagas = sagaArnPrefix(scope, settings);
  const ofMachines = (metricName: string) =>
    machines.map((name) =>
      metric('AWS/States', metricName, { StateMachineArn: `${sagas}${name}` }, 'Sum', `${name} ${metricName}`),
    );
  const ofQueues = (metricName: string, chosen: readonly string[]) =>
    chosen.map((name) => metric('AWS/SQS', metricName, { QueueName: `${prefix}-${name}` }, 'Maximum', name));
  // A queue of work is what dead letters go back to.
  const work = Object.values(deadLetters).flatMap((redrive) => (redrive.to === 'queue' ? [redrive.queue] : []));

  const dashboard = new Dashboard(scope, 'Dashboard', {
    dashboardName: prefix,
    periodOverride: PeriodOverride.AUTO,
    defaultInterval: Duration.hours(3),
  });
  dashboard.addWidgets(
    graph(
      'Requests, and what went wrong',
      [api('Count', 'Sum', 'requests')],
      [api('4xx', 'Sum', 'refused'), api('5xx', 'Sum', 'failed')],
    ),
    graph(
      'Time to answer',
      ['p50', 'p90', 'p99'].map((statistic) => api('Latency', statistic, statistic)),
    ),
  );
  dashboard.addWidgets(
    graph('Errors of functions', ofFunctions('Errors', 'Sum')),
    graph('Refused for lack of concurrency', ofFunctions('Throttles', 'Sum')),
  );
  dashboard.addWidgets(
    graph('Time of API functions, p99', ofFunctions('Duration', 'p99', apis)),
    graph('Behind the table', ofFunctions('IteratorAge', 'Maximum', ['relay', 'audit-chain'])),
  );
  dashboard.addWidgets(
    graph(
      'Units of the table',
      [table('ConsumedReadCapacityUnits'), table('ConsumedWriteCapacityUnits')],
      [table('ReadThrottleEvents'), table('WriteThrottleEvents')],
    ),
    graph('Units by API function', [...emitted('WriteUnits'), ...emitted('ReadUnits')]),
  );
  dashboard.addWidgets(
    graph(
      'Workflows',
      [...ofMachines('ExecutionsStarted'), ...ofMachines('ExecutionsSucceeded')],
      ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'].flatMap(ofMachines),
    ),
    graph('Waiting for a person', ofQueues('ApproximateNumberOfMessagesVisible', Object.keys(deadLetters))),
  );
  dashboard.addWidgets(
    graph('Waiting to be worked off', ofQueues('ApproximateNumberOfMessagesVisible', work)),
    graph('Seconds that the oldest has waited', ofQueues('ApproximateAgeOfOldestMessage', work)),
  );
  dashboard.addWidgets(
    graph(
      'Sockets',
      [socket('ConnectCount'), socket('MessageCount')],
      ['ClientError', 'IntegrationError', 'ExecutionError'].map((name) => socket(name)),
    ),
    graph(
      'Time to answer a socket',
      ['p50', 'p99'].map((statistic) => socket('IntegrationLatency', statistic, statistic)),
    ),
  );
  dashboard.addWidgets(
    graph(
      'Units of gsi1',
      [index('ConsumedReadCapacityUnits'), index('ConsumedWriteCapacityUnits')],
      [index('ReadThrottleEvents'), index('WriteThrottleEvents')],
    ),
    graph('Answers that are our fault', emitted('Faults')),
  );
  dashboard.addWidgets(
    graph(
      'Mails of the account',
      ['Send', 'Delivery', 'Bounce', 'Complaint', 'Reject'].map((name) => mails(name)),
      [mails('Reputation.BounceRate', 'Maximum'), mails('Reputation.ComplaintRate', 'Maximum')],
    ),
    graph(
      'Behind, or missing',
      [
        own('audit-archive', 'AuditDaysBehind', 'Maximum'),
        own('account-sweep', 'UsersWithoutAccount', 'Maximum'),
        own('account-sweep', 'AccountsRemoved'),
      ],
      [own('send-mails', 'MailsDelayed'), own('send-mails', 'CodesGivenUp')],
    ),
  );
  return dashboard;
}
