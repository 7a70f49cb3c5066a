import { randomUUID } from 'node:crypto';
import { makeWorkspace, type Person } from '../../support/people.ts';
import { until } from '../../support/until.ts';
import { openSocket } from '../realtime/client.ts';
import type { Journal } from './journal.ts';

export interface Place {
  workspaceId: string;
  credentialId: string;
}

/** Credentials stored, replaced and refused, with the secret in its own and in every wrong place. */
export async function handleCredentials({ http, secrets }: Journal, { token }: Person): Promise<Place> {
  const workspaceId = await makeWorkspace(http, { token } as Person);
  const create = (more: object | string, headers = {}) =>
    http('POST', '/credentials', {
      token,
      headers,
      body: typeof more === 'string' ? more : { workspace_id: workspaceId, provider: 'aws', ...more },
    });
  const once = { 'idempotency-key': randomUUID() };
  const data = secrets.awsKey('stored, then replaced');
  const credentialId = (await create({ data }, once)).body.data.id as string;
  await create({ data }, once);
  await create({ data: secrets.awsKey('of another body for the same key') }, once);
  const other = (await create({ credentials: secrets.awsKey('under its other name') })).body.data.id;
  await http('DELETE', `/credentials/${other}`, { token });

  const bad = (what: string) => secrets.awsKey(`credential ${what}`);
  const wrong = bad('with a field wrong');
  await create({ data: { ...wrong, secret_key: `${wrong.secret_key} ` } });
  await create({ data: { ...wrong, access_key: `${wrong.access_key}!` } });
  await create({ data: { ...wrong, region: wrong.secret_key } });
  await create({ data: { ...wrong, session_token: secrets.text('as an unknown field of a credential') } });
  await create({ data: bad('as a text').secret_key });
  await create({ data: [bad('as a list').secret_key] });
  await create({ data: bad('twice'), credentials: bad('twice, too') });
  await create({ data: bad('with an unknown provider'), provider: secrets.text('as a provider') });
  await create({ data: bad('of a cloud to come'), provider: 'gcp' });
  await create({ data: bad('for a workspace that is none'), workspace_id: secrets.text('as a workspace') });
  await create({ data: bad('for a foreign workspace'), workspace_id: randomUUID() });
  await create(`{"workspace_id": "${workspaceId}", "data": {"secret_key": "${bad('in broken JSON').secret_key}"`);

  const change = (body: object, headers = {}) => http('PUT', `/credentials/${credentialId}`, { token, headers, body });
  await change({ data: secrets.awsKey('in use') });
  await change({ data: bad('for a version that is gone') }, { 'if-match': '"99"' });
  await change({ data: bad('with a switch wrong'), is_active: secrets.text('as a switch') });
  await http('GET', `/credentials?provider=${secrets.text('as a filter')}`, { token });
  await http('GET', `/credentials/${credentialId}`, { token });
  await http('GET', `/credentials?workspace_id=${workspaceId}`, { token });
  return { workspaceId, credentialId };
}

/** Machines made, stopped, started, deleted and refused by the provider, watched over a socket. */
export async function runMachines(journal: Journal, { token }: Person, place: Place): Promise<void> {
  const { http, secrets, stack } = journal;
  const sockets = await Promise.all([token, stack.admin.token].map((each) => watchAs(stack.ws_url, each)));
  const body = {
    workspace_id: place.workspaceId,
    credential_id: place.credentialId,
    name: 'canary',
    provider: 'aws',
    instance_type: 't3.micro',
    region: 'eu-west-1',
  };
  const make = async (more = {}) =>
    (await http('POST', '/vms', { token, body: { ...body, ...more } })).body.data.id as string;
  const becomes = (id: string, status: string) =>
    until(`${id} is ${status}`, async () => {
      const answer = await http('GET', `/vms/${id}`, { token });
      return answer.body.data.status === status;
    });
  const [good, refused] = [await make(), await make({ key_pair: 'no such key' })];
  await make({ user_data: secrets.text('as an unknown field of a VM') });
  await make({ credential_id: secrets.text('as the id of a credential') });
  await becomes(refused, 'error');
  await becomes(good, 'running');
  await http('POST', `/vms/${good}/stop`, { token });
  await becomes(good, 'stopped');
  for (const id of [refused, good]) {
    await http('DELETE', `/vms/${id}`, { token });
    await becomes(id, 'deleted');
  }
  const [own] = sockets;
  await own?.ask({ type: 'auth', token: [secrets.text('as a list to a socket')] });
  await own?.ask({ type: 'subscribe', topics: [secrets.text('as a topic')] });
  await own?.ask(`{"type": "auth", "token": "${secrets.text('in broken JSON to a socket')}`);
  await own?.ask({ type: secrets.text('as a type of message') });
  const stranger = await openSocket(stack.ws_url);
  await stranger.ask({ type: 'auth', token: secrets.text('as a token to a socket') });
  journal.messages.push(...[...sockets, stranger].map(({ got }) => JSON.stringify(got)));
  for (const socket of [...sockets, stranger]) socket.drop();
}

async function watchAs(url: string, token: string) {
  const socket = await openSocket(url);
  const answer = await socket.ask({ type: 'auth', token });
  if (answer['type'] !== 'auth_ok') throw new Error(`cannot watch: ${JSON.stringify(answer)}`);
  return socket;
}
