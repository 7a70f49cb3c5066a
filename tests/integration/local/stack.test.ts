import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { findProcess, processNames } from '../../../local/processes/background.ts';
import { readSettings, root } from '../../../local/settings.ts';
import { type DynamodbProxy, startDynamodbProxy } from '../../support/dynamodb-proxy.ts';
import { ownFolder, startStack, type TestStack } from '../../support/emulator.ts';
import { until } from '../../support/until.ts';

const app = join(root, 'tests/support/sample-app');

describe('a stack for tests', () => {
  let proxy: DynamodbProxy;
  let stack: TestStack;
  beforeAll(async () => {
    let dynamodb = '';
    proxy = await startDynamodbProxy({ target: () => dynamodb });
    stack = await startStack({
      app,
      dir: ownFolder('.local-test-sample'),
      context: { greeting: 'good day' },
      emulatorEnv: ({ ports }) => {
        dynamodb = `http://127.0.0.1:${ports.emulator}`;
        return { AWS_ENDPOINT_URL_DYNAMODB: proxy.url };
      },
    });
  });
  afterAll(async () => {
    await stack.stop();
    await proxy.stop();
    expect(processNames.filter((name) => findProcess(stack.settings, name))).toEqual([]);
  });

  const call = (path: string, init?: RequestInit) => fetch(`${stack.endpoints.api_url}${path}`, init);
  const open = (query = '') => new WebSocket(`${stack.endpoints.ws_url}${query}`);

  it('is deployed with the settings it was given', async () => {
    expect(await (await call('/anything')).json()).toMatchObject({
      greeting: 'good day',
      event: { rawPath: '/api/v1/anything' },
    });
    expect(stack.outputs.TableName).toBeDefined();
  });

  it('has functions whose DynamoDB calls go through the proxy', async () => {
    const init = { method: 'PUT', body: 'text', headers: { 'content-type': 'text/plain' } };
    expect((await call('/items/1', init)).status).toBe(200);
    const rule = proxy.add({ fault: 'throttle', operation: 'PutItem', pk: 'item#2' });
    expect((await call('/items/2', init)).status).toBe(502);
    proxy.clear();
    expect(rule.fired).toBeGreaterThan(0);
    expect((await call('/items/2', init)).status).toBe(200);
  });

  it('has functions that may do what their roles allow, and nothing else', async () => {
    expect(await (await call('/secret')).json()).toEqual({ error: 'AccessDeniedException' });
  });

  it('gives a consumer of the stream again what it reported as failed, and all that follows', async () => {
    const table = new DynamoDBClient(stack.client);
    const TableName = stack.outputs.TableName;
    const ids = ['comes-first', 'fails-twice', 'comes-last'];
    for (const id of ids) {
      await table.send(
        new PutItemCommand({ TableName, Item: { pk: { S: id }, sk: { S: '-' }, type: { S: 'order' } } }),
      );
    }
    for (const id of ids) {
      const ExpressionAttributeValues = { ':pk': { S: `seen#${id}` } };
      const query = new QueryCommand({ TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues });
      await until(`${id} was seen once`, async () => (await table.send(query)).Count === 1);
    }
  });

  it('has functions that reach EC2 behind its proxy', async () => {
    expect(await (await call('/machines')).json()).toEqual({ machines: 0 });
  });

  it('keeps the name of an error that a function throws, and the function running', async () => {
    const environments = new Set<string>();
    for (let times = 0; times < 3; times++) {
      const answer = await call('/throw');
      expect(await answer.json()).toMatchObject({ errorType: 'Refused', errorMessage: 'on purpose' });
      environments.add(await (await call('/process')).text());
    }
    expect(environments.size).toBe(1);
  });

  it('carries messages from a client to a function and back', async () => {
    const socket = open();
    const answer = new Promise<string>((done, fail) => {
      socket.on('message', (data) => done(String(data)));
      socket.on('error', fail);
    });
    socket.on('open', () => socket.send('{"type":"ping"}'));
    expect(JSON.parse(await answer)).toEqual({ echo: '{"type":"ping"}' });
    socket.close();
  });

  it('passes on that $connect refuses', async () => {
    const socket = open('?refuse=yes');
    const status = new Promise((done) => socket.on('unexpected-response', (_, answer) => done(answer.statusCode)));
    socket.on('error', () => {});
    expect(await status).toBe(403);
  });

  it('ends with the process that started it, when that is killed', async () => {
    const dir = ownFolder('.local-test-killed');
    const code = `
      import { startStack } from ${JSON.stringify(join(root, 'tests/support/emulator.ts'))};
      await startStack({ app: ${JSON.stringify(app)}, dir: '${dir}' });
      console.log('up');
      setInterval(() => {}, 60_000);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (part: Buffer) => {
      said += part;
    });
    await until('the stack is up', async () => said.includes('up'), 100_000);
    const settings = { ...readSettings({}), dir: join(root, dir) };
    expect(processNames.filter((name) => findProcess(settings, name) === undefined)).toEqual([]);
    child.kill('SIGKILL');
    await until('all ended', async () => processNames.every((name) => findProcess(settings, name) === undefined));
    rmSync(settings.dir, { recursive: true, force: true });
  });
});
