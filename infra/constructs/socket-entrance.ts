import { Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { LogGroupLogDestination, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { socketEndpoint } from '../local-stage.ts';
import { prefixOf, type Settings } from '../settings.ts';
import { acknowledge } from './acknowledge.ts';
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

  constructor(scope: Construct, id: string, settings: Settings, handler: PlatformFunction) {
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
    this.url = this.#stage.url;
    this.#endpoint = socketEndpoint(settings, this.api.apiId, this.#stage.callbackUrl);
    acknowledge(this, {
      APIG4: 'A connection authenticates by its first message, within 10 seconds, and proves the edge as it opens',
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
