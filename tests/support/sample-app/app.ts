import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HttpApi, HttpStage, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration, WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { AttributeType, BillingMode, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  Code,
  FilterCriteria,
  FilterRule,
  Function as Lambda,
  Runtime,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { DefinitionBody, Pass, StateMachine, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { buildSync } from 'esbuild';

// The least that has every part the local stack must keep: what runs here runs for the product's own stacks.

const bundles = mkdtempSync(join(tmpdir(), 'sample-'));
process.once('exit', () => rmSync(bundles, { recursive: true, force: true }));
buildSync({
  entryPoints: ['api', 'socket', 'stream'].map((name) => join(import.meta.dirname, 'functions', `${name}.ts`)),
  outdir: bundles,
  bundle: true,
  platform: 'node',
});

const app = new App();
const stack = new Stack(app, 'sample', { env: { account: '111122223333', region: 'eu-west-1' } });
const removalPolicy = RemovalPolicy.DESTROY;

const table = new Table(stack, 'Table', {
  partitionKey: { name: 'pk', type: AttributeType.STRING },
  sortKey: { name: 'sk', type: AttributeType.STRING },
  billingMode: BillingMode.PAY_PER_REQUEST,
  stream: StreamViewType.NEW_AND_OLD_IMAGES,
  timeToLiveAttribute: 'ttl',
  removalPolicy,
});
const key = new Key(stack, 'Key', { removalPolicy });
const bucket = new Bucket(stack, 'Bucket', { removalPolicy });
const secretName = 'sample-origin';
new Secret(stack, 'Secret', { secretName, generateSecretString: { passwordLength: 48, excludePunctuation: true } });
const pool = new UserPool(stack, 'Pool', { removalPolicy });
const client = pool.addClient('Client', {
  authFlows: { adminUserPassword: true },
});

const socket = new WebSocketApi(stack, 'Socket');
const environment = {
  TABLE_NAME: table.tableName,
  GREETING: String(app.node.tryGetContext('greeting') ?? 'hello'),
  SOCKET_ENDPOINT: `${process.env.AWS_ENDPOINT_URL}/_aws/execute-api/${socket.apiId}/ws`,
};
const make = (name: string): Lambda => {
  const code = Code.fromAsset(bundles);
  const made = new Lambda(stack, name, {
    runtime: Runtime.NODEJS_24_X,
    handler: `${name}.handler`,
    code,
    environment,
    timeout: Duration.seconds(10),
  });
  table.grantReadWriteData(made);
  return made;
};
const api = make('api');
const http = new HttpApi(stack, 'Http', { createDefaultStage: false });
new HttpStage(stack, 'HttpStage', { httpApi: http, stageName: '$default', autoDeploy: true });
http.addRoutes({ path: '/{proxy+}', integration: new HttpLambdaIntegration('Api', api) });

const talk = make('socket');
for (const route of ['$connect', '$disconnect', '$default']) {
  socket.addRoute(route, { integration: new WebSocketLambdaIntegration(route.slice(1), talk) });
}
new WebSocketStage(stack, 'SocketStage', {
  webSocketApi: socket,
  stageName: 'ws',
  autoDeploy: true,
}).grantManagementApiAccess(talk);

const consumer = make('stream');
table.grantStreamRead(consumer);
consumer.addEventSourceMapping('Stream', {
  eventSourceArn: table.tableStreamArn ?? '',
  startingPosition: StartingPosition.TRIM_HORIZON,
  reportBatchItemFailures: true,
  filters: [FilterCriteria.filter({ dynamodb: { NewImage: { type: { S: FilterRule.isEqual('order') } } } })],
});

const wait = new Wait(stack, 'Wait', { time: WaitTime.secondsPath('$.seconds') });
const machine = new StateMachine(stack, 'Machine', {
  definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Begin').next(wait).next(new Pass(stack, 'End'))),
});

const outputs: Record<string, string> = {
  TableName: table.tableName,
  CredentialsKeyId: key.keyId,
  SiteBucketName: bucket.bucketName,
  OriginSecretName: secretName,
  UserPoolId: pool.userPoolId,
  UserPoolClientId: client.userPoolClientId,
  HttpApiId: http.apiId,
  SocketApiId: socket.apiId,
  MachineArn: machine.stateMachineArn,
};
for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, name, { value });
