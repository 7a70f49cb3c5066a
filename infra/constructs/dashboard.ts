import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
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
export function addDashboard(scope: Construct, settings: Settings, httpApiId: string): Dashboard {
  const prefix = prefixOf(settings);
  const api = (name: string, statistic: string, label: string) =>
    metric('AWS/ApiGateway', name, { ApiId: httpApiId }, statistic, label);
  const names = Object.keys(functions);
  const ofFunctions = (metricName: string, statistic: string, chosen = names) =>
    chosen.map((name) => metric('AWS/Lambda', metricName, { FunctionName: `${prefix}-${name}` }, statistic, name));
  const apis = names.filter((name) => name.endsWith('-api') || name === 'credential-checks');
  const table = (metricName: string, statistic = 'Sum', label = metricName) =>
    metric('AWS/DynamoDB', metricName, { TableName: prefix }, statistic, label);
  const emitted = (metricName: string) =>
    apis.map((name) => metric('SkyClust', metricName, { service: name }, 'Sum', `${metricName} ${name}`));
  const arnOf = (machine: string) =>
    Stack.of(scope).formatArn({
      service: 'states',
      resource: 'stateMachine',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      resourceName: `${prefix}-${machine}`,
    });
  const ofMachines = (metricName: string) =>
    machines.map((name) =>
      metric('AWS/States', metricName, { StateMachineArn: arnOf(name) }, 'Sum', `${name} ${metricName}`),
    );
  const depths = Object.keys(deadLetters).map((name) =>
    metric('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: `${prefix}-${name}` }, 'Maximum', name),
  );

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
      [...ofMachines('ExecutionsFailed'), ...ofMachines('ExecutionsTimedOut')],
    ),
    graph('Waiting for a person', depths),
  );
  return dashboard;
}
