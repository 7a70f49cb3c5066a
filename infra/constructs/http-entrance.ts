import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { prefixOf, type Settings } from '../settings.ts';
import { acknowledge } from './acknowledge.ts';
import { type Alarms, fiveMinutes } from './alarms.ts';

/** One line a request. The address is the edge's; the viewer's stands in the audit row. */
const accessLog = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    time: '$context.requestTimeEpoch',
    route: '$context.routeKey',
    status: '$context.status',
    ms: '$context.responseLatency',
    bytes: '$context.responseLength',
    error: '$context.error.message',
    integrationError: '$context.integrationErrorMessage',
  }),
);

export const accessLogGroup = (scope: Construct, settings: Settings, kind: 'http' | 'ws'): LogGroup =>
  new LogGroup(scope, 'AccessLogs', {
    logGroupName: `/aws/vendedlogs/apigateway/${prefixOf(settings)}-${kind}`,
    retention: settings.logDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });

/** The HTTP API; its routes come from the route table. */
export class HttpEntrance extends Construct {
  readonly api: HttpApi;

  constructor(scope: Construct, id: string, settings: Settings, alarms: Alarms) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: prefixOf(settings),
      description: 'Reached through the edge alone: a request without its secret is refused',
      createDefaultStage: false,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      detailedMetricsEnabled: true,
      throttle: { rateLimit: settings.requestsPerSecond, burstLimit: settings.requestsPerSecond * 2 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLogGroup(this, settings, 'http')),
        format: accessLog,
      },
    });
    alarms.watch('api-errors', {
      metric: stage.metricServerError({ period: fiveMinutes, statistic: 'Sum' }),
      over: 5,
      meaning: 'More than 5 requests in 5 minutes were answered with a 5xx.',
      action: 'look in the access log for the routes, then in the log of their function by request id.',
      chapter: 'api-errors',
    });
    alarms.watch('api-slow', {
      metric: stage.metricLatency({ period: fiveMinutes, statistic: 'p99' }),
      over: 3_000,
      periods: 3,
      of: 3,
      meaning: 'One request in a hundred took over 3 seconds, for 15 minutes.',
      action: 'compare ms by route in the access log; look for throttles of the table and for cold starts.',
      chapter: 'api-slow',
    });
  }
}

/** The middleware decides who may call: it needs the principal item, in one write that also counts (docs/architecture.md). */
export const acknowledgeOpenRoutes = (scope: Construct): void =>
  acknowledge(scope, {
    APIG4: 'Each function authenticates by its middleware: who calls and the hourly limit are one write on the table',
  });
