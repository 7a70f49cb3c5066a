import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { eventTypes } from '../../contracts/realtime/events.ts';
import type { Alarms } from './alarms.ts';
import { callerEnvironment } from './api-function.ts';
import type { Data } from './data.ts';
import { deadLetterQueue } from './dead-letter-queue.ts';
import { PlatformFunction } from './platform-function.ts';
import { SocketEntrance } from './socket-entrance.ts';
import type { Stage } from './stage.ts';
import { allowItems } from './table-rights.ts';
import { WorkQueue } from './work-queue.ts';

export interface RealtimeProps {
  data: Data;
  alarms: Alarms;
  bus: EventBus;
  originHashes: string;
}

const [people, presences, connections] = ['PRINCIPAL#*', 'PRESENCE#*', 'CONNECTION#*'] as const;

/** Who is connected, and the events sent to them. */
export function addRealtime(scope: Construct, stage: Stage, props: RealtimeProps): SocketEntrance {
  const { settings } = stage;
  const { data, alarms, bus, originHashes } = props;
  const socket = new PlatformFunction(scope, 'realtime-socket', stage, {
    name: 'realtime-socket',
    alarms,
    environment: callerEnvironment(data, originHashes),
  });
  const dead = deadLetterQueue(scope, 'realtime-push-dead', settings, alarms);
  const push = new PlatformFunction(scope, 'realtime-push', stage, {
    name: 'realtime-push',
    alarms,
    deadLetterQueue: dead,
  });
  const { table } = data;
  // Who somebody is, and where connected. It writes no more than what it keeps of connections: a new presence is put, a connection's end deletes its item.
  allowItems(socket, table, ['dynamodb:GetItem', 'dynamodb:BatchGetItem'], { partitions: [people, presences] });
  allowItems(socket, table, ['dynamodb:PutItem', 'dynamodb:UpdateItem'], { partitions: [connections, presences] });
  allowItems(socket, table, 'dynamodb:DeleteItem', { partitions: [connections] });
  // Members of a workspace, and the admins of all.
  allowItems(push, table, ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], {
    partitions: [people, presences, 'WS#*', 'SYSTEM'],
  });
  // A connection that is gone leaves its user's presence.
  allowItems(push, table, 'dynamodb:UpdateItem', { partitions: [presences] });
  new Rule(scope, 'PushRule', {
    eventBus: bus,
    description: 'What is pushed over the socket',
    eventPattern: { source: ['skyclust'], detailType: [...eventTypes] },
    targets: [new FunctionTarget(push.lambda, { deadLetterQueue: dead })],
  });

  const entrance = new SocketEntrance(scope, 'Socket', settings, alarms, socket);
  entrance.allowSend(socket);
  entrance.allowSend(push);
  // The WebSocket API has no timer of its own: a delayed message finds the connection unauthenticated, or does nothing.
  const timeouts = new WorkQueue(scope, 'SocketTimeouts', {
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
