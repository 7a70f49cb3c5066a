import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventMessage } from '../../../contracts/realtime/server-messages.ts';
import { tellFigures } from '../../support/figures.ts';
import { createHttp } from '../../support/http-client.ts';
import { addMember, makeWorkspace, type Person, register } from '../../support/people.ts';
import { rounds } from '../../support/sizes.ts';
import { until } from '../../support/until.ts';
import { messagesOf } from '../canaries/places.ts';
import { type Message, openSocket, type SocketClient } from './client.ts';
import { enterStack, openStackArena, placeVm, triedAgain } from './deployed-arena.ts';
import { runDrops } from './drops.ts';

const stack = inject('stack');
const http = createHttp(stack.base_url);
const dynamo = new DynamoDBClient(stack.client);
afterAll(() => dynamo.destroy());

async function settleWorkspace() {
  const [owner, member, stranger] = [
    await register(http, 'owner'),
    await register(http, 'member'),
    await register(http, 'stranger'),
  ];
  const workspaceId = await makeWorkspace(http, owner);
  await addMember(http, owner, workspaceId, member, 'viewer');
  await makeWorkspace(http, stranger);
  return { owner, member, stranger, workspaceId, vm: placeVm(stack, workspaceId) };
}

/** Members are notified of much else. */
const isVmChange = ({ type }: Message) => type === 'vm_status_changed';
const vmChanges = (socket: SocketClient | undefined) => (socket?.events() ?? []).filter(isVmChange);

const enter = ({ token }: Person) => enterStack(stack, token);

let opened: number;
let silent: SocketClient;
let guest: SocketClient;
// Its ten seconds go by while other tests run.
beforeAll(async () => {
  opened = performance.now();
  silent = await openSocket(stack.ws_url);
  expect(await silent.ask({ type: 'ping' })).toEqual({ type: 'pong' });
  guest = await openSocket(stack.ws_url);
  expect(await guest.ask({ type: 'guest' })).toEqual({ type: 'guest_ok' });
});

describe('a socket of the deployed stack', () => {
  it('is refused past the edge, and with a bad token told and closed', async () => {
    const past = `${stack.client.endpoint.replace('http', 'ws')}/_aws/execute-api/${stack.outputs.SocketApiId}/ws`;
    await expect(openSocket(past)).rejects.toThrow('403');
    const socket = await openSocket(stack.ws_url);
    expect(await socket.ask({ type: 'auth', token: 'rubbish' })).toEqual({ type: 'auth_error', code: 'UNAUTHORIZED' });
    await until('the connection is closed', () => socket.closed);
  });

  it('is sent what changes in its user’s workspaces, as the contract says it, and nothing of others', async () => {
    const { owner, member, stranger, workspaceId, vm } = await settleWorkspace();
    const sockets = [await enter(owner), await enter(member)];
    const foreign = await enter(stranger);
    await vm.change('running');
    for (const socket of sockets) {
      const event = await until('the event came', () => vmChanges(socket)[0]);
      expect(eventMessage('vm_status_changed').parse(event)).toMatchObject({
        data: { vm_id: vm.id, workspace_id: workspaceId, status: 'running', previous: null },
        version: 1,
      });
    }
    await vm.change('stopped');
    const next = await until('the event came', () => vmChanges(sockets[0])[1]);
    expect(next).toMatchObject({ data: { status: 'stopped', previous: 'running' }, version: 2 });
    expect(await foreign.eventsSoFar()).toEqual([]);
    for (const socket of [...sockets, foreign]) socket.drop();
    vm.stop();
  });

  it('is sent nothing more once its user is removed from the workspace, or has signed out', async () => {
    const { owner, member, workspaceId, vm } = await settleWorkspace();
    const other = await register(http, 'other');
    await addMember(http, owner, workspaceId, other, 'member');
    const [stays, removed, out] = [await enter(owner), await enter(member), await enter(other)];
    await vm.change('running');
    await until('the events came', () => [stays, removed, out].every((socket) => vmChanges(socket).length === 1));
    const gone = await http('DELETE', `/workspaces/${workspaceId}/members/${member.id}`, { token: owner.token });
    const signedOut = await http('POST', '/auth/logout', { token: other.token, body: {} });
    expect([gone.status, signedOut.status]).toEqual([200, 200]);
    await vm.change('stopped');
    await until('the events came', () => vmChanges(stays).length === 2);
    await until('the connection is closed', () => out.closed);
    expect(vmChanges(out)).toHaveLength(1);
    expect((await removed.eventsSoFar()).filter(isVmChange)).toHaveLength(1);
    for (const socket of [stays, removed]) socket.drop();
    vm.stop();
  });

  it('of an admin is sent audit rows of writes and refusals, never of reads; a user’s is not', async () => {
    const { owner, stranger, workspaceId, vm } = await settleWorkspace();
    vm.stop();
    const [admin, user] = [await enter(stack.admin), await enter(owner)];
    await http('GET', `/workspaces/${workspaceId}`, { token: owner.token });
    await http('GET', `/workspaces/${workspaceId}`, { token: stranger.token });
    await http('PUT', `/workspaces/${workspaceId}`, { token: owner.token, body: { description: 'changed' } });
    const rows = () =>
      admin
        .events()
        .filter(({ type, data }) => type === 'audit_log_created' && [owner.id, stranger.id].includes(data.user_id));
    const told = () =>
      rows()
        .filter(({ data }) => data.resource === 'workspace' && data.action !== 'create')
        .map(({ data }) => [data.action, data.success, data.user_id])
        .toSorted();
    await until('they were told', () => told().length >= 2);
    for (const row of rows()) eventMessage('audit_log_created').parse(row);
    expect(told()).toEqual([
      ['read', false, stranger.id],
      ['update', true, owner.id],
    ]);
    expect((await user.eventsSoFar()).filter(({ type }) => type === 'audit_log_created')).toEqual([]);
    for (const socket of [admin, user]) socket.drop();
  });
});

describe('a record that cannot be relayed', () => {
  it('waits in the queue of failures, and others go on', async () => {
    const { owner, vm } = await settleWorkspace();
    const socket = await enter(owner);
    const poison = { pk: `AUDIT#${owner.id}#2020-01`, sk: 'poison', type: 'audit', success: false };
    await dynamo.send(new PutItemCommand({ TableName: stack.outputs.TableName, Item: marshall(poison) }));
    await vm.change('running');
    await until('the events came', () => vmChanges(socket).length === 1);
    await until('the message waits', async () => {
      const messages = await messagesOf(stack, 'skyclust-local-relay-failures');
      return messages.some((body) => body.includes(poison.pk));
    });
    // Else it would be found unchained by who verifies this stack.
    const Key = marshall({ pk: poison.pk, sk: poison.sk });
    await dynamo.send(new DeleteItemCommand({ TableName: stack.outputs.TableName, Key }));
    socket.drop();
    vm.stop();
  });
});

describe('clients of the deployed stack that lose their connections at random, three times each', () => {
  it('know how things are when they have come back, and hear of nobody else’s', async ({ task }) => {
    const clients = rounds(12, 500);
    // A workspace has 100 members at most.
    const workspaces = Math.max(3, Math.ceil(clients / 50));
    const arena = await openStackArena(stack, { clients, workspaces });
    const seed = Number(process.env['SEED'] ?? 1);
    const report = await runDrops(arena, { clients, drops: 3, changes: 8 * workspaces, seed });
    tellFigures(task, { events: report.events, 'slowest ms': report.slowestMs, ...triedAgain });
    expect(report).toMatchObject({ dropped: 3 * clients, late: 0, foreign: 0 });
    expect(report.events).toBeGreaterThan(clients);
    arena.stop();
  });
});

describe('a socket on which nobody says who they are', () => {
  it('is closed after ten seconds, and that of a guest is not', async () => {
    await until('the connection is closed', () => silent.closed);
    expect(Number(silent.closedAt) - opened).toBeGreaterThan(9_000);
    expect(guest.closed).toBe(false);
    guest.drop();
  });
});
