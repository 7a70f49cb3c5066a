import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import {
  DecryptCommand,
  GenerateDataKeyCommand,
  type GenerateDataKeyCommandOutput,
  KMSClient,
} from '@aws-sdk/client-kms';
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

  describe('keeps, over a restart,', () => {
    const aUser = { name: 'a-user', password: 'a Long Passw0rd!' };
    const EncryptionContext = { of: 'this' };
    const changes = Array.from({ length: 30 }, (_, index) => `change-${index}`);
    let cognito: CognitoIdentityProviderClient;
    let kms: KMSClient;
    let ec2: EC2Client;
    let sfn: SFNClient;
    let table: DynamoDBClient;
    let dataKey: GenerateDataKeyCommandOutput;
    let machine: string;
    let execution: string | undefined;

    const runMachine = async () => {
      const { Instances = [] } = await ec2.send(
        new RunInstancesCommand({
          ImageId: 'ami-12c6146b',
          InstanceType: 't3.micro',
          MinCount: 1,
          MaxCount: 1,
          ClientToken: 'one',
        }),
      );
      return Instances[0];
    };
    const write = (id: string) =>
      table.send(
        new PutItemCommand({
          TableName: outputs.TableName,
          Item: { pk: { S: id }, sk: { S: '-' }, type: { S: 'order' } },
        }),
      );

    /** How often the change was delivered. */
    const seen = async (id: string) => {
      const ExpressionAttributeValues = { ':pk': { S: `seen#${id}` } };
      const KeyConditionExpression = 'pk = :pk';
      return (
        await table.send(
          new QueryCommand({ TableName: outputs.TableName, KeyConditionExpression, ExpressionAttributeValues }),
        )
      ).Count;
    };
    /** While it is there, the consumer takes nothing. */
    const hold = { pk: { S: 'hold' }, sk: { S: '-' } };

    beforeAll(async () => {
      [cognito, kms] = [new CognitoIdentityProviderClient(client), new KMSClient(client)];
      [sfn, table] = [new SFNClient(client), new DynamoDBClient(client)];
      ec2 = new EC2Client({ ...client, endpoint: ec2Url(place.settings) });
      const user = { UserPoolId: outputs.UserPoolId, Username: aUser.name };
      await put('kept', 'a text');
      await cognito.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }));
      await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password: aUser.password, Permanent: true }));
      const KeyId = outputs.CredentialsKeyId;
      dataKey = await kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext }));
      machine = (await runMachine())?.InstanceId ?? '';
      await ec2.send(new StopInstancesCommand({ InstanceIds: [machine] }));
      const [read, waiting] = [changes.slice(0, 10), changes.slice(10)];
      await Promise.all(read.map(write));
      for (const id of read) await until(`${id} was delivered`, async () => (await seen(id)) === 1);
      // The stop comes while the consumer has not read all of them.
      await table.send(new PutItemCommand({ TableName: outputs.TableName, Item: hold }));
      await Promise.all(waiting.map(write));
      const stateMachineArn = outputs.MachineArn;
      ({ executionArn: execution } = await sfn.send(
        new StartExecutionCommand({ stateMachineArn, input: '{"seconds":20}' }),
      ));
      await restart();
      for (const id of waiting) expect(await seen(id)).toBe(0);
      await table.send(new DeleteItemCommand({ TableName: outputs.TableName, Key: hold }));
    });

    it('items, users with their passwords, and what a KMS key sealed', async () => {
      expect(await read('kept')).toEqual({ id: 'kept', text: 'a text' });
      const login = new AdminInitiateAuthCommand({
        UserPoolId: outputs.UserPoolId,
        ClientId: outputs.UserPoolClientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: aUser.name, PASSWORD: aUser.password },
      });
      expect((await cognito.send(login)).AuthenticationResult?.AccessToken).toBeDefined();
      const opened = await kms.send(new DecryptCommand({ CiphertextBlob: dataKey.CiphertextBlob, EncryptionContext }));
      expect(opened.Plaintext).toEqual(dataKey.Plaintext);
    });

    it('a machine, its state and what its client token made', async () => {
      const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [machine] }));
      const stopped = { InstanceId: machine, State: { Name: 'stopped' } };
      expect(Reservations?.[0]?.Instances?.[0]).toMatchObject(stopped);
      expect(await runMachine()).toMatchObject(stopped);
      expect(await (await fetch(`${baseUrl(place.settings)}/api/v1/machines`)).json()).toEqual({ machines: 1 });
    });

    it('an execution that was waiting, which goes on to its end', async () => {
      const ended = await until('the execution ended', async () => {
        const now = await sfn.send(new DescribeExecutionCommand({ executionArn: execution }));
        return now.status !== 'RUNNING' && now;
      });
      expect(ended.status).toBe('SUCCEEDED');
      expect(JSON.parse(ended.output ?? '')).toEqual({ seconds: 20 });
      const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn: execution }));
      // Before the stop and after it.
      expect(events.filter(({ type }) => type === 'WaitStateEntered')).toHaveLength(2);
    });

    it('each change of the table, which is delivered once: those from before the stop and those after', async () => {
      await write('afterwards');
      for (const id of [...changes, 'afterwards'])
        await until(`${id} was delivered`, async () => (await seen(id)) === 1);
      for (const id of changes) expect(await seen(id)).toBe(1);
    });
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
