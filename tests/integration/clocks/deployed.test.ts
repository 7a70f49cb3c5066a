import { randomUUID } from 'node:crypto';
import {
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
  paginateListUsers,
} from '@aws-sdk/client-cognito-identity-provider';
import { EventBridgeClient, ListRulesCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createHttp } from '../../support/http-client.ts';
import { makeWorkspace, register } from '../../support/people.ts';
import { until } from '../../support/until.ts';
import { credentialData, vmBody } from '../compute/compute-api.ts';

const stack = inject('stack');
const http = createHttp(stack.base_url);
const lambda = new LambdaClient(stack.client);
const cognito = new CognitoIdentityProviderClient(stack.client);
const hourMs = 3_600_000;

interface Clock {
  expression: string;
  functionArn: string;
  /** What the rule sends, at a time. */
  eventAt(time: Date): string;
}

/** By the function's name, as the stack was deployed. */
async function readClocks(): Promise<Map<string, Clock>> {
  const events = new EventBridgeClient(stack.client);
  const { Rules: rules = [] } = await events.send(new ListRulesCommand({}));
  const clocks = new Map<string, Clock>();
  for (const { Name, Arn, ScheduleExpression: expression } of rules) {
    if (expression === undefined || expression === '') continue;
    const { Targets: targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: Name }));
    for (const { Arn: functionArn = '', Input } of targets) {
      const eventAt = (time: Date) =>
        Input ??
        JSON.stringify({
          ...{ version: '0', id: randomUUID(), source: 'aws.events', account: '111122223333', region: 'eu-west-1' },
          ...{ 'detail-type': 'Scheduled Event', time: time.toISOString(), resources: [Arn], detail: {} },
        });
      clocks.set(functionArn.replace(/^.*skyclust-local-/, ''), { expression, functionArn, eventAt });
    }
  }
  events.destroy();
  return clocks;
}

let clocks: Map<string, Clock>;
beforeAll(async () => {
  clocks = await readClocks();
});
afterAll(() => {
  lambda.destroy();
  cognito.destroy();
});

async function tick(name: string, time = new Date()): Promise<void> {
  const clock = clocks.get(name);
  if (clock === undefined) throw new Error(`cannot tick: no rule calls ${name}`);
  const command = new InvokeCommand({ FunctionName: clock.functionArn, Payload: clock.eventAt(time) });
  const { FunctionError, Payload } = await lambda.send(command);
  expect(FunctionError, Buffer.from(Payload ?? []).toString()).toBeUndefined();
}

it('each clock has its rule, and each tick of one succeeds', async () => {
  expect(Object.fromEntries([...clocks].map(([name, { expression }]) => [name, expression]))).toMatchObject({
    'account-sweep': 'rate(1 day)',
    'audit-anchor': 'rate(15 minutes)',
    'fire-timers': 'rate(1 minute)',
    reconcile: 'rate(5 minutes)',
  });
  await Promise.all([...clocks.keys()].map((name) => tick(name)));
});

it('an account of which no user came is swept by the first tick after its hour, and no other is', async () => {
  const pool = { UserPoolId: stack.outputs['UserPoolId'] };
  const accounts = async () => {
    const names: (string | undefined)[] = [];
    for await (const { Users = [] } of paginateListUsers({ client: cognito }, pool)) {
      names.push(...Users.map(({ Username }) => Username));
    }
    return names;
  };
  const orphan = randomUUID();
  const person = await register(http, 'kept');
  await cognito.send(new AdminCreateUserCommand({ ...pool, Username: orphan, MessageAction: 'SUPPRESS' }));
  const made = Date.now();
  await tick('account-sweep', new Date(made + hourMs - 60_000));
  expect(await accounts()).toEqual(expect.arrayContaining([orphan, person.id]));
  await tick('account-sweep', new Date(made + hourMs + 60_000));
  const left = await accounts();
  expect([left.includes(orphan), left.includes(person.id)]).toEqual([false, true]);
});

it('what an audit log holds is anchored by a tick', async () => {
  const owner = await register(http, 'anchored');
  const workspaceId = await makeWorkspace(http, owner);
  const path = `/audit-logs/verify?workspace_id=${workspaceId}`;
  const verify = async () => (await http('GET', path, { token: owner.token })).body.data;
  await until('the row of its making is chained', async () => (await verify()).chained_until !== null);
  expect((await verify()).anchored_until).toBeNull();
  await tick('audit-anchor');
  expect(await verify()).toMatchObject({ intact: true, anchored_until: expect.stringMatching(/Z$/) });
});

it('a VM whose time is up is stopped by a tick, and its owner is told', async () => {
  const { token } = await register(http, 'expiring');
  const workspace_id = await makeWorkspace(http, { token });
  await http('POST', '/credentials', { token, body: { workspace_id, provider: 'aws', data: credentialData } });
  // Who makes VMs is awake by now, and sees a time to come.
  expect((await http('GET', `/vms?workspace_id=${workspace_id}`, { token })).status).toBe(200);
  const expires_at = new Date(Date.now() + 10_000).toISOString();
  const made = await http('POST', '/vms', { token, body: { ...vmBody, workspace_id, expires_at } });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const read = async () => (await http('GET', `/vms/${made.body.data.id}`, { token })).body.data;
  await until('the VM runs', async () => (await read()).status === 'running', 90_000);
  await until(
    'it is stopped',
    async () => {
      await tick('fire-timers');
      return ['stopping', 'stopped'].includes((await read()).status);
    },
    60_000,
  );
  const titles = async (): Promise<string[]> => {
    const { data } = (await http('GET', '/notifications', { token })).body;
    return data.notifications.map(({ title }: { title: string }) => title);
  };
  await until('its owner is told', async () => (await titles()).includes('VM web-1 has expired'), 60_000);
});
