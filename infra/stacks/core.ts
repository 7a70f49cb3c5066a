import { ArnFormat, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { HttpApi, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { eventTypes } from '../../contracts/realtime/events.ts';
import { relayedTypes } from '../../contracts/relayed-types.ts';
import { Alarms } from '../constructs/alarms.ts';
import { ApiFunction, type ApiFunctionProps } from '../constructs/api-function.ts';
import { deadLetterQueue } from '../constructs/dead-letter-queue.ts';
import { acknowledgeOpenRoutes, HttpEntrance } from '../constructs/http-entrance.ts';
import { HttpRoutes } from '../constructs/http-routes.ts';
import { originHashes } from '../constructs/origin-hashes.ts';
import { PlatformFunction } from '../constructs/platform-function.ts';
import { SocketEntrance } from '../constructs/socket-entrance.ts';
import type { Stage } from '../constructs/stage.ts';
import { StreamConsumer } from '../constructs/stream-consumer.ts';
import { allowTable } from '../constructs/table-rights.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import { prefixOf } from '../settings.ts';
import type { DataStack } from './data.ts';

/** The platform's stateless half: the APIs, the events, and the functions that every product needs. */
export class CoreStack extends Stack {
  readonly httpApi: HttpApi;
  readonly socketApi: WebSocketApi;
  readonly originHashes: string;

  constructor(scope: Construct, id: string, stage: Stage, data: DataStack, props: StackProps) {
    super(scope, id, props);
    const { settings } = stage;
    const alarms = new Alarms(this, 'Alarms', settings, data.alerts);
    this.originHashes = originHashes(this, stage, data, alarms);
    const bus = new EventBus(this, 'Bus', {
      eventBusName: prefixOf(settings),
      description: 'What happened, as the relay tells it',
    });

    this.httpApi = new HttpEntrance(this, 'Http', settings, alarms).api;
    const serve = (name: ApiFunctionProps['name'], more: Pick<ApiFunctionProps, 'table'> = {}): ApiFunction =>
      new ApiFunction(this, name, stage, { name, alarms, data, originHashes: this.originHashes, ...more });
    const identity = serve('identity-api', { table: ['delete'] });
    const workspaces = serve('workspaces-api', { table: ['delete'] });
    const audit = serve('audit-api');
    const system = serve('system-api');
    for (const fn of [identity, workspaces, audit]) new HttpRoutes(fn, 'Routes', this.httpApi, fn);
    new HttpRoutes(system, 'Routes', this.httpApi, system).addDefault();
    acknowledgeOpenRoutes(this);
    identity.allow(
      [
        'cognito-idp:AdminCreateUser',
        'cognito-idp:AdminDeleteUser',
        'cognito-idp:AdminInitiateAuth',
        'cognito-idp:AdminSetUserPassword',
        'cognito-idp:AdminUserGlobalSignOut',
        // The client's secret, which stands in no variable and no template.
        'cognito-idp:DescribeUserPoolClient',
      ],
      [data.userPool.userPoolArn],
    );

    this.socketApi = this.#addRealtime(stage, data, alarms, bus).api;
    this.#addStream(stage, data, alarms, bus);

    const outputs: Record<string, string> = {
      HttpApiId: this.httpApi.apiId,
      HttpApiUrl: this.httpApi.apiEndpoint,
      SocketApiId: this.socketApi.apiId,
      SocketUrl: `${this.socketApi.apiEndpoint}/ws`,
      BusName: bus.eventBusName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }

  /** Who is connected, and the events sent to them. */
  #addRealtime(stage: Stage, data: DataStack, alarms: Alarms, bus: EventBus): SocketEntrance {
    const { settings } = stage;
    const socket = new PlatformFunction(this, 'realtime-socket', stage, {
      name: 'realtime-socket',
      alarms,
      environment: {
        ORIGIN_SECRET_SHA256: this.originHashes,
        USER_POOL_ID: data.userPool.userPoolId,
        USER_POOL_CLIENT_ID: data.userPoolClient.userPoolClientId,
      },
    });
    const dead = deadLetterQueue(this, 'realtime-push-dead', settings, alarms);
    const push = new PlatformFunction(this, 'realtime-push', stage, {
      name: 'realtime-push',
      alarms,
      deadLetterQueue: dead,
    });
    allowTable(socket, data.table, ['read', 'put', 'update', 'delete', 'check']);
    allowTable(push, data.table, ['read', 'update', 'delete']);
    new Rule(this, 'PushRule', {
      eventBus: bus,
      description: 'What is pushed over the socket',
      eventPattern: { source: ['skyclust'], detailType: [...eventTypes] },
      targets: [new FunctionTarget(push.lambda, { deadLetterQueue: dead })],
    });

    const entrance = new SocketEntrance(this, 'Socket', settings, socket);
    entrance.allowSend(socket);
    entrance.allowSend(push);
    // The WebSocket API has no timer of its own: this message finds the connection unauthenticated, or does nothing.
    const timeouts = new WorkQueue(this, 'SocketTimeouts', {
      settings,
      alarms,
      name: 'socket-timeouts',
      deadLetters: 'socket-timeouts-dead',
      consumer: socket,
    });
    socket.lambda.addEnvironment('SOCKET_TIMEOUT_QUEUE_URL', timeouts.queue.queueUrl);
    socket.allow(['sqs:SendMessage'], [timeouts.queue.queueArn]);
    return entrance;
  }

  /** The two consumers of the table's stream; there are no others, by design. */
  #addStream(stage: Stage, data: DataStack, alarms: Alarms, bus: EventBus): void {
    const { settings } = stage;
    const entities = relayedTypes.filter((type) => type !== 'audit');
    const machines = this.formatArn({
      service: 'states',
      resource: 'stateMachine',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      resourceName: `${prefixOf(settings)}-`,
    });
    const relay = new PlatformFunction(this, 'relay', stage, {
      name: 'relay',
      alarms,
      environment: { BUS_NAME: bus.eventBusName, STATE_MACHINE_ARN_PREFIX: machines },
    });
    // What it can't relay it takes up again from here, a few times, before it waits for a person.
    const failures = new WorkQueue(this, 'RelayFailures', {
      settings,
      alarms,
      name: 'relay-failures',
      deadLetters: 'relay-failures-dead',
      consumer: relay,
    });
    relay.lambda.addEnvironment('RELAY_FAILURES_QUEUE_URL', failures.queue.queueUrl);
    relay.allow(['sqs:SendMessage'], [failures.queue.queueArn]);
    relay.allow(['events:PutEvents'], [bus.eventBusArn]);
    relay.allowAny(
      ['states:StartExecution'],
      `${machines}*`,
      "By name, so that this stack depends on no product's: the stage's own machines",
    );
    new StreamConsumer(relay, 'Stream', {
      fn: relay,
      name: 'relay',
      table: data.table,
      alarms,
      batchSize: 50,
      filters: [
        { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { type: { S: entities } } } },
        { eventName: ['REMOVE'], dynamodb: { OldImage: { type: { S: entities } } } },
        // Of audit rows, admins are told of writes and refusals; the many reads need not even arrive.
        { eventName: ['INSERT'], dynamodb: { NewImage: { type: { S: ['audit'] }, write: { BOOL: [true] } } } },
        { eventName: ['INSERT'], dynamodb: { NewImage: { type: { S: ['audit'] }, success: { BOOL: [false] } } } },
      ],
    });

    const chain = new PlatformFunction(this, 'audit-chain', stage, { name: 'audit-chain', alarms });
    const hopeless = deadLetterQueue(this, 'chain-failures', settings, alarms);
    chain.lambda.addEnvironment('CHAIN_FAILURES_QUEUE_URL', hopeless.queueUrl);
    chain.allow(['sqs:SendMessage'], [hopeless.queueArn]);
    allowTable(chain, data.table, ['read', 'put', 'update', 'check'], 'audit chain');
    new StreamConsumer(chain, 'Stream', {
      fn: chain,
      name: 'audit-chain',
      table: data.table,
      alarms,
      batchSize: 100,
      filters: [{ eventName: ['INSERT'], dynamodb: { NewImage: { type: { S: ['audit'] } } } }],
    });
  }
}
