import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  type EC2Client,
  type Instance,
  ModifyInstanceAttributeCommand,
  RebootInstancesCommand,
  type Reservation,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { meter } from '../../../platform/meter.ts';
import { ProviderError } from '../../domain/provider-error.ts';
import {
  isDead,
  type Machine,
  type MachineSpec,
  type MachineTags,
  type Provider,
  type TaggedMachine,
} from '../provider.ts';
import type { Account } from './account-of.ts';
import { defaultImage } from './default-image.ts';
import { readAwsError } from './read-aws-error.ts';
import { readInstance, readTagged } from './read-instance.ts';
import { runInstancesInput, usersTags, vmIdTag, workspaceIdTag } from './run-instances-input.ts';

const isAlive = (machine: Machine) => !isDead(machine);

/** Asks EC2, and says what it answers in every provider's words. */
async function ask<Result>(work: () => Promise<Result>): Promise<Result> {
  meter().add('ec2');
  try {
    return await work();
  } catch (error) {
    throw readAwsError(error);
  }
}

async function describeInstances(client: EC2Client, input: DescribeInstancesCommandInput): Promise<Instance[]> {
  const { Reservations: reservations = [] } = await ask(() => client.send(new DescribeInstancesCommand(input)));
  return reservations.flatMap(({ Instances: instances = [] }) => instances);
}

const describeAll = async (client: EC2Client, input: DescribeInstancesCommandInput): Promise<Machine[]> =>
  (await describeInstances(client, input)).map(readInstance);

const isGone = (error: unknown) => error instanceof ProviderError && error.name === 'MachineGone';

const isForbidden = (error: unknown) =>
  error instanceof ProviderError && (error.cause as Error | undefined)?.name === 'UnauthorizedOperation';

/** EC2 as a provider, by a client that holds one workspace's credential in one region. */
export function createAwsProvider(client: EC2Client, account: Account): Provider {
  const find = async (vmId: string) =>
    (await describeAll(client, { Filters: [{ Name: `tag:${vmIdTag}`, Values: [vmId] }] })).filter(isAlive);

  async function describe(id: string): Promise<Machine | undefined> {
    try {
      return (await describeAll(client, { InstanceIds: [id] }))[0];
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  /**
   * A right that a policy ties to our tag does not reach a machine that is gone, which has lost its tags: EC2 forbids the change instead of saying that there is
   * none. A look, which is tied to nothing, tells. Of a machine that is dead all is done that `isDone` says.
   */
  async function change(id: string, work: () => Promise<unknown>, isDone = (_: Machine) => false): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isForbidden(error)) throw error;
      const machine = await describe(id);
      if (machine !== undefined && isAlive(machine)) throw error;
      if (machine !== undefined && isDone(machine)) return;
      throw new ProviderError('MachineGone', machine?.reason ?? 'there is no such machine', { cause: error });
    }
  }

  return {
    find,
    defaultImage: (instanceType) => ask(() => defaultImage(client, instanceType)),
    account: account.ask,
    launch: async (spec) => {
      const { machine, owner } = await launch(client, spec);
      return { ...machine, account: account.known ?? owner };
    },
    list: (workspaceId) => listTagged(client, workspaceId),
    describe,
    start: (id) => change(id, () => ask(() => client.send(new StartInstancesCommand({ InstanceIds: [id] })))),
    stop: (id) => change(id, () => ask(() => client.send(new StopInstancesCommand({ InstanceIds: [id] })))),
    restart: (id) => change(id, () => ask(() => client.send(new RebootInstancesCommand({ InstanceIds: [id] })))),
    setInstanceType(id, instanceType) {
      const attribute = { InstanceId: id, InstanceType: { Value: instanceType } };
      return change(id, () => ask(() => client.send(new ModifyInstanceAttributeCommand(attribute))));
    },
    setTags: (id, tags) => change(id, () => setTags(client, id, tags)),
    terminate: (id) =>
      change(id, () => ask(() => client.send(new TerminateInstancesCommand({ InstanceIds: [id] }))), isDead),
  };
}

/** EC2's most a page; a page is one request. */
const pageSize = 1_000;

async function* listTagged(client: EC2Client, workspaceId: string): AsyncGenerator<TaggedMachine[]> {
  const Filters = [
    { Name: 'tag-key', Values: [vmIdTag] },
    { Name: `tag:${workspaceIdTag}`, Values: [workspaceId] },
  ];
  let NextToken: string | undefined;
  do {
    const input = { Filters, MaxResults: pageSize, ...(NextToken !== undefined && { NextToken }) };
    const answer = await ask(() => client.send(new DescribeInstancesCommand(input)));
    yield (answer.Reservations ?? []).flatMap(({ Instances: instances = [] }) => instances.map(readTagged));
    NextToken = answer.NextToken;
  } while (NextToken !== undefined && NextToken !== '');
}

/** The machine's disk is called as the machine is. What is gone goes first: a machine takes 50 tags. */
async function setTags(client: EC2Client, id: string, { name, tags, gone }: MachineTags): Promise<void> {
  const [instance] = await describeInstances(client, { InstanceIds: [id] });
  const disks = (instance?.BlockDeviceMappings ?? []).filter(
    ({ DeviceName }) => DeviceName === instance?.RootDeviceName,
  );
  const Resources = [id, ...disks.flatMap(({ Ebs }) => Ebs?.VolumeId ?? [])];
  const Tags = gone.map((Key) => ({ Key }));
  if (Tags.length > 0) await ask(() => client.send(new DeleteTagsCommand({ Resources, Tags })));
  await ask(() => client.send(new CreateTagsCommand({ Resources, Tags: usersTags({ name, tags }) })));
}

/**
 * EC2 answers a repeat of the token with what the first call made, as it is now. A token that was used with other words has made a machine
 * too (an earlier version of this code may have sent them): it is adopted by our tag, once it shows.
 */
async function launch(client: EC2Client, spec: MachineSpec): Promise<{ machine: Machine; owner: string | null }> {
  const made = await ask(async () => {
    try {
      return await client.send(new RunInstancesCommand(runInstancesInput(spec)));
    } catch (error) {
      if ((error as Error).name === 'IdempotentParameterMismatch') return undefined;
      throw error;
    }
  });
  const reservation = made ?? (await findReservation(client, spec.vmId));
  const [instance] = reservation?.Instances ?? [];
  const machine = instance && readInstance(instance);
  if (machine === undefined)
    throw new ProviderError('ProviderUnavailable', 'EC2 does not show the machine yet', { effect: 'unknown' });
  if (!isAlive(machine)) throw new ProviderError('LaunchSpent', machine.reason ?? 'the machine died as it was made');
  return { machine, owner: reservation?.OwnerId ?? null };
}

/** Of the machine that carries our id and is not dead. */
async function findReservation(client: EC2Client, vmId: string): Promise<Reservation | undefined> {
  const Filters = [{ Name: `tag:${vmIdTag}`, Values: [vmId] }];
  const { Reservations = [] } = await ask(() => client.send(new DescribeInstancesCommand({ Filters })));
  const alive = Reservations.map(({ Instances = [], ...rest }) => ({
    ...rest,
    Instances: Instances.filter((instance) => isAlive(readInstance(instance))),
  }));
  return alive.find(({ Instances: left }) => left.length > 0);
}
