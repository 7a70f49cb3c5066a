import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat, CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { LogGroupLogDestination, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { socketEndpoint } from '../local-stage.ts';
import { prefixOf, type Settings } from '../settings.ts';
import { acknowledge } from './acknowledge.ts';
import { type Alarms, fiveMinutes } from './alarms.ts';
import { accessLogGroup } from './http-entrance.ts';
import type { PlatformFunction } from './platform-function.ts';

const accessLog = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    time: '$context.requestTimeEpoch',
    route: '$context.routeKey',
    connection: '$context.connectionId',
    status: '$context.status',
    error: '$context.error.message',
  }),
);

/** The WebSocket API. Its stage is named `ws`: it answers 403 to any path after its stage, so the edge's /ws must be the stage itself. */
export class SocketEntrance extends Construct {
  readonly api: WebSocketApi;
  readonly url: string;
  readonly #endpoint: string;
  readonly #stage: WebSocketStage;

  constructor(scope: Construct, id: string, settings: Settings, alarms: Alarms, handler: PlatformFunction) {
    super(scope, id);
    const integration = (route: string) => new WebSocketLambdaIntegration(route, handler.lambda);
    this.api = new WebSocketApi(this, 'Api', {
      apiName: `${prefixOf(settings)}-ws`,
      description: 'Pushes events; a connection authenticates by its first message',
      connectRouteOptions: { integration: integration('Connect') },
      disconnectRouteOptions: { integration: integration('Disconnect') },
      defaultRouteOptions: { integration: integration('Message') },
    });
    this.#stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName: 'ws',
      autoDeploy: true,
      throttle: { rateLimit: settings.requestsPerSecond, burstLimit: settings.requestsPerSecond * 2 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLogGroup(this, settings, 'ws')),
        format: accessLog,
      },
    });
    this.#stage.node.addDependency(letApiGatewayLog(this));
    this.url = this.#stage.url;
    this.#endpoint = socketEndpoint(settings, this.api.apiId, this.#stage.callbackUrl);
    this.#watch(alarms);
    acknowledge(this, {
      APIG4: 'A connection authenticates by its first message, within 10 seconds, and proves the edge as it opens',
    });
  }

  #watch(alarms: Alarms): void {
    const sum = (metricName: string) =>
      new Metric({
        namespace: 'AWS/ApiGateway',
        metricName,
        dimensionsMap: { ApiId: this.api.apiId },
        statistic: 'Sum',
        period: fiveMinutes,
      });
    const action =
      'group the access log of the WebSocket API by route and status, then read the log of realtime-socket.';
    alarms.watch('socket-refusals', {
      metric: sum('IntegrationError'),
      over: 20,
      meaning:
        'More than 20 connections or messages in 5 minutes were answered with a 4xx or 5xx: clients hear of nothing.',
      action,
      chapter: 'socket-errors',
    });
    alarms.watch('socket-errors', {
      metric: sum('ExecutionError'),
      over: 5,
      meaning: 'The WebSocket API could not hand over more than 5 connections or messages in 5 minutes.',
      action,
      chapter: 'socket-errors',
    });
  }

  /** Lets a function send to connections and close them. */
  allowSend(fn: PlatformFunction): void {
    fn.lambda.addEnvironment('SOCKET_ENDPOINT', this.#endpoint);
    const connections = Stack.of(this).formatArn({
      service: 'execute-api',
      resource: this.api.apiId,
      resourceName: `${this.#stage.stageName}/*/@connections/*`,
    });
    fn.allowAny(['execute-api:ManageConnections'], connections, 'Connections come and go; the API is ours alone');
  }
}

/**
 * A WebSocket API (an HTTP API does not) logs by a role that is set once for its account and region, and a stage with a log is refused where none is. The last
 * stage to be made there sets its own; with AWS's policy each of them will do for all APIs, so all of them stay, whatever becomes of their stacks.
 */
function letApiGatewayLog(scope: Construct): CfnAccount {
  const policy = 'service-role/AmazonAPIGatewayPushToCloudWatchLogs';
  const role = new Role(scope, 'LogsRole', {
    assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    description: 'Lets every API of the account and region write its log',
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(policy)],
  });
  acknowledge(role, {
    [`IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${policy}]`]:
      'Whichever API logs by it has a log group of its own',
  });
  const account = new CfnAccount(scope, 'LogsAccount', { cloudWatchRoleArn: role.roleArn });
  for (const kept of [role, account]) kept.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return account;
}
