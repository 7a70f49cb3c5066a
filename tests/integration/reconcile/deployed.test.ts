import { EC2Client, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect, inject, it } from 'vitest';
import { createHttp } from '../../support/http-client.ts';
import { makeWorkspace, register } from '../../support/people.ts';
import { until } from '../../support/until.ts';
import { credentialData, vmBody } from '../compute/compute-api.ts';

const stack = inject('stack');
const http = createHttp(stack.base_url);

/** What the clock does; it is off in this stack, so that ticks come when a test wants them. */
async function tick(lambda: LambdaClient, name: string) {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: `skyclust-local-${name}`, Payload: JSON.stringify({ source: 'aws.events' }) }),
  );
  expect(FunctionError, Buffer.from(Payload ?? []).toString()).toBeUndefined();
}

it('notices that a machine was stopped behind our back, by a tick of the deployed function and its queue', async () => {
  const lambda = new LambdaClient(stack.client);
  const ec2 = new EC2Client({ ...stack.client, endpoint: stack.ec2_url });
  const { token } = await register(http, 'watched');
  const workspace_id = await makeWorkspace(http, { token });
  await http('POST', '/credentials', { token, body: { workspace_id, provider: 'aws', data: credentialData } });
  const made = await http('POST', '/vms', { token, body: { ...vmBody, workspace_id } });
  const read = async () => (await http('GET', `/vms/${made.body.data.id}`, { token })).body.data;
  await until('the VM runs', async () => (await read()).status === 'running', 90_000);
  await ec2.send(new StopInstancesCommand({ InstanceIds: [(await read()).instance_id] }));
  await until(
    'a look has seen it',
    async () => {
      await tick(lambda, 'reconcile');
      return (await read()).status === 'stopped';
    },
    60_000,
  );
  await tick(lambda, 'fire-timers');
  ec2.destroy();
  lambda.destroy();
});
