import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Outputs, readOutputs } from '../../../local/deploy/outputs.ts';
import { findProcess, processNames } from '../../../local/processes/background.ts';
import { baseUrl, ec2Url, emulatorUrl } from '../../../local/settings.ts';
// biome-ignore lint/correctness/useImportExtensions: plain JavaScript, which runs on whatever Node is there
import { startOf } from '../../../local/setup/identity.mjs';
import { until } from '../../support/until.ts';
import { makePlace, type Place } from './command.ts';

const childrenOf = (parent: number | undefined): number[] =>
  execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid = 0, ppid]) => (ppid === parent ? [pid] : []));

describe('a stack that is stopped and started again', () => {
  let place: Place;
  let outputs: Outputs;
  let client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  beforeAll(async () => {
    place = await makePlace();
    expect((await place.run('start')).text).toContain('SkyClust is up');
    outputs = readOutputs(place.settings);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = { endpoint: emulatorUrl(place.settings), region: place.settings.region, credentials };
  });
  afterAll(() => place.leave());

  const restart = async () => {
    expect((await place.run('stop')).text).not.toContain('by force');
    expect(await place.run('start')).toMatchObject({ code: 0, text: expect.not.stringContaining('CDK') });
  };
  const put = (id: string, text: string) =>
    fetch(`${baseUrl(place.settings)}/api/v1/items/${id}`, {
      method: 'PUT',
      body: text,
      headers: { 'content-type': 'text/plain' },
    });
  const read = async (id: string) => (await fetch(`${baseUrl(place.settings)}/api/v1/items/${id}`)).json();
  /** Whether the last snapshot holds a text. */
  const isKept = (text: string): boolean => {
    const state = join(place.settings.dir, 'state');
    try {
      return readFileSync(join(state, readFileSync(join(state, 'current'), 'utf8'), 'dynamodb.json'), 'utf8').includes(
        text,
      );
    } catch {
      return false;
    }
  };

  it('keeps items, users with their passwords, and what a KMS key sealed', async () => {
    const cognito = new CognitoIdentityProviderClient(client);
    const kms = new KMSClient(client);
    const user = { UserPoolId: outputs.UserPoolId, Username: 'a-user' };
    await put('kept', 'a text');
    await cognito.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }));
    await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password: 'a Long Passw0rd!', Permanent: true }));
    const EncryptionContext = { of: 'this' };
    const key = await kms.send(
      new GenerateDataKeyCommand({ KeyId: outputs.CredentialsKeyId, KeySpec: 'AES_256', EncryptionContext }),
    );

    await restart();

    expect(await read('kept')).toEqual({ id: 'kept', text: 'a text' });
    const { UserPoolId } = user;
    const AuthParameters = { USERNAME: user.Username, PASSWORD: 'a Long Passw0rd!' };
    const ClientId = outputs.UserPoolClientId;
    const login = new AdminInitiateAuthCommand({
      UserPoolId,
      ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters,
    });
    expect((await cognito.send(login)).AuthenticationResult?.AccessToken).toBeDefined();
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob: key.CiphertextBlob, EncryptionContext }));
    expect(opened.Plaintext).toEqual(key.Plaintext);
  });

  it('keeps a machine, its state and what its client token made', async () => {
    const ec2 = new EC2Client({ ...client, endpoint: ec2Url(place.settings) });
    const run = () =>
      ec2.send(
        new RunInstancesCommand({
          ImageId: 'ami-12c6146b',
          InstanceType: 't3.micro',
          MinCount: 1,
          MaxCount: 1,
          ClientToken: 'one',
        }),
      );
    const id = (await run()).Instances?.[0]?.InstanceId ?? '';
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));

    await restart();

    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({ InstanceId: id, State: { Name: 'stopped' } });
    expect((await run()).Instances?.[0]).toMatchObject({ InstanceId: id, State: { Name: 'stopped' } });
    expect(await (await fetch(`${baseUrl(place.settings)}/api/v1/machines`)).json()).toEqual({ machines: 1 });
  });

  it('lets an execution that was waiting go on to its end', async () => {
    const sfn = new SFNClient(client);
    const input = '{"seconds":8}';
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn: outputs.MachineArn, input }));
    await restart();
    const ended = await until('the execution ended', async () => {
      const now = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return now.status !== 'RUNNING' && now;
    });
    expect(ended.status).toBe('SUCCEEDED');
    expect(JSON.parse(ended.output ?? '')).toEqual({ seconds: 8 });
    const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    // Before the stop and after it.
    expect(events.filter(({ type }) => type === 'WaitStateEntered')).toHaveLength(2);
  });

  it('delivers each change of the table once: those from before the stop and those after', async () => {
    const table = new DynamoDBClient(client);
    const TableName = outputs.TableName;
    const write = (id: string) =>
      table.send(new PutItemCommand({ TableName, Item: { pk: { S: id }, sk: { S: '-' }, type: { S: 'order' } } }));
    const seen = async (id: string) => {
      const ExpressionAttributeValues = { ':pk': { S: `seen#${id}` } };
      return (
        await table.send(new QueryCommand({ TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues }))
      ).Count;
    };
    const ids = Array.from({ length: 30 }, (_, index) => `change-${index}`);
    // The stop comes while the consumer has not read all of them.
    await Promise.all(ids.map(write));
    await restart();
    await write('afterwards');
    for (const id of [...ids, 'afterwards']) await until(`${id} was delivered`, async () => (await seen(id)) === 1);
    for (const id of ids) expect(await seen(id)).toBe(1);
  });

  it('comes back after all of its processes were killed, with what is older than some seconds', async () => {
    await put('killed', 'a text');
    await until('a snapshot after the write', async () => isKept('item#killed'));
    for (const name of processNames) process.kill(findProcess(place.settings, name)?.pid ?? 0, 'SIGKILL');
    await until('all ended', async () => processNames.every((name) => findProcess(place.settings, name) === undefined));
    expect((await place.run('status')).code).toBe(3);

    expect(await place.run('start')).toMatchObject({ code: 0, text: expect.not.stringContaining('CDK') });

    expect(await read('killed')).toEqual({ id: 'killed', text: 'a text' });
  });

  it('leaves no process behind when it is stopped, its functions included', async () => {
    await put('warm', 'a function runs');
    const emulator = findProcess(place.settings, 'emulator')?.pid;
    const workers = childrenOf(emulator).map((pid) => ({ pid, start: startOf(pid) }));
    expect(workers.length).toBeGreaterThan(0);
    await place.run('stop');
    await until('all workers ended', async () => workers.every(({ pid, start }) => startOf(pid) !== start));
  });
});
