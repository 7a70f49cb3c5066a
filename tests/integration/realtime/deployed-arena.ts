import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { VmStatus } from '../../../contracts/compute/vm-states.ts';
import { newVm, type VmRecord } from '../../../functions/compute/domain/vm.ts';
import { toVmItem } from '../../../functions/compute/store/vm-item.ts';
import type { SharedStack } from '../../support/global-setup.ts';
import { createHttp } from '../../support/http-client.ts';
import { addMember, makeWorkspace, type Person, register } from '../../support/people.ts';
import { openSocket, type SocketClient } from './client.ts';
import type { Arena } from './drops.ts';

/** A VM that stands in the table alone: no provider has it, and no status that it gets here starts a workflow. */
export function placeVm(stack: SharedStack, workspaceId: string) {
  const dynamo = new DynamoDBClient(stack.client);
  let vm: VmRecord = {
    ...newVm({
      id: randomUUID(),
      workspaceId,
      credentialId: randomUUID(),
      asked: { name: 'watched', provider: 'aws', instance_type: 't3.micro', region: 'eu-west-1' } as never,
      vcpus: 2,
      callerId: randomUUID(),
      requestId: 'req_1',
      now: new Date(),
    }),
    status: 'stopped',
    version: 0,
  };
  return {
    id: vm.id,
    async change(status: VmStatus) {
      vm = { ...vm, status, version: vm.version + 1, updated_at: new Date().toISOString() };
      const Item = marshall(toVmItem(vm), { removeUndefinedValues: true });
      await dynamo.send(new PutItemCommand({ TableName: stack.outputs.TableName, Item }));
      return { id: vm.id, version: vm.version };
    },
    stop: () => dynamo.destroy(),
  };
}

const mostTries = 5;

/** How often a client of this file had to try again; told with the figures. */
export const triedAgain = { refused: 0, unavailable: 0 };

/** The edge has nobody behind it, or the function can't be started just now; a 403 says never. */
const isRefusal = (error: unknown) =>
  error instanceof Error &&
  ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED' || /server response: (429|5\d\d)$/.test(error.message));

/** As clients are told to: a connection that is refused is tried again, and so is what meets SERVICE_UNAVAILABLE. Nothing else is. */
export async function enterStack(stack: SharedStack, token: string): Promise<SocketClient> {
  for (let tries = 1; ; tries += 1) {
    let failure: unknown;
    const socket = await openSocket(stack.ws_url).catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
      triedAgain.refused += 1;
      failure = error;
    });
    if (socket !== undefined) {
      // A function's first start takes seconds here.
      const answer = await socket.ask({ type: 'auth', token }, 30_000);
      if (answer['type'] === 'auth_ok') return socket;
      socket.drop();
      failure = new Error(`cannot enter: ${JSON.stringify(answer)}`);
      if (answer['code'] !== 'SERVICE_UNAVAILABLE') throw failure;
      triedAgain.unavailable += 1;
    }
    if (tries === mostTries) throw failure;
    await pause(100 * 2 ** tries);
  }
}

/** The deployed stack: edge, WebSocket API, functions, stream and bus between a change and its event. */
export async function openStackArena(
  stack: SharedStack,
  { clients, workspaces }: { clients: number; workspaces: number },
): Promise<Arena & { stop(): void }> {
  const http = createHttp(stack.base_url);
  const owner = await register(http, 'owner');
  const workspaceIds: string[] = [];
  for (let nth = 0; nth < workspaces; nth += 1) workspaceIds.push(await makeWorkspace(http, owner));
  const workspaceOf = (client: number) => workspaceIds[client % workspaces] ?? '';
  const people: Person[] = [];
  for (let nth = 0; nth < clients; nth += 1) {
    const person = await register(http, 'client');
    await addMember(http, owner, workspaceOf(nth), person, 'viewer');
    people.push(person);
  }
  const vms = workspaceIds.map((workspaceId) => placeVm(stack, workspaceId));
  const running = new Set<string>();
  return {
    workspaces,
    // Each call that runs beside others starts a process of its own.
    atOnce: 4,
    enter: (client) => enterStack(stack, people[client]?.token ?? ''),
    async read(client) {
      const { body } = await http('GET', '/vms', { token: people[client]?.token });
      return Object.fromEntries(body.data.vms.map(({ id, version }: { id: string; version: number }) => [id, version]));
    },
    async change(workspace) {
      const vm = vms[workspace];
      if (vm === undefined) throw new Error('there is no such workspace');
      const stops = running.delete(vm.id);
      if (!stops) running.add(vm.id);
      return vm.change(stops ? 'stopped' : 'running');
    },
    isForeign: (client, { data }) => data.workspace_id !== workspaceOf(client),
    stop: () => {
      for (const vm of vms) vm.stop();
    },
  };
}
