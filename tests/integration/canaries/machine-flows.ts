import { randomUUID } from 'node:crypto';
import type { HttpAnswer } from '../../support/http-client.ts';
import { makeWorkspace, type Person } from '../../support/people.ts';
import { until } from '../../support/until.ts';
import { azureApp, gcpKeyFile } from '../../unit/credentials/sample-data.ts';
import { openSocket } from '../realtime/client.ts';
import type { Journal } from './journal.ts';

export interface Place {
  workspaceId: string;
  credentialId: string;
}

/** Credentials stored, replaced and refused, with the secret in its own and in every wrong place. */
export async function handleCredentials(journal: Journal, { token }: Person): Promise<Place> {
  const { http, secrets } = journal;
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
  await create({ data: bad('of another cloud'), provider: 'gcp' });
  await create({ data: bad('for a workspace that is none'), workspace_id: secrets.text('as a workspace') });
  await create({ data: bad('for a foreign workspace'), workspace_id: randomUUID() });
  await create(`{"workspace_id": "${workspaceId}", "data": {"secret_key": "${bad('in broken JSON').secret_key}"`);

  await handleOtherClouds(journal, token, create);

  const change = (body: object, headers = {}) => http('PUT', `/credentials/${credentialId}`, { token, headers, body });
  await change({ data: secrets.awsKey('in use') });
  await change({ data: bad('for a version that is gone') }, { 'if-match': '"99"' });
  await change({ data: bad('with a switch wrong'), is_active: secrets.text('as a switch') });
  const check = (action: string, headers = {}) =>
    http('POST', `/credentials/${credentialId}/${action}`, { token, headers });
  await check('verify');
  await check('rotate');
  await check('rotate', { 'if-match': '"99"' });
  await http('GET', `/credentials?provider=${secrets.text('as a filter')}`, { token });
  await http('GET', `/credentials/${credentialId}`, { token });
  await http('GET', `/credentials?workspace_id=${workspaceId}`, { token });
  const read = (path: string) => http('GET', `/providers/aws/${path}credential_id=${credentialId}`, { token });
  for (const path of ['instances?', 'instances/i-00000000000000000?', 'regions?', 'images?']) await read(path);
  return { workspaceId, credentialId };
}

/** Secrets of every other kind: stored, replaced, rotated, verified, refused. */
async function handleOtherClouds(
  { http, secrets }: Journal,
  token: string,
  create: (more: object) => Promise<HttpAnswer>,
): Promise<void> {
  const gcp = (what: string) => gcpKeyFile(secrets.pem(what));
  const azure = (what: string) => azureApp(secrets.clientSecret(what));
  for (const [provider, dataOf] of [
    ['gcp', gcp],
    ['azure', azure],
  ] as const) {
    const { id } = (await create({ provider, data: dataOf('stored') })).body.data;
    const put = (body: object) => http('PUT', `/credentials/${id}`, { token, body });
    await put({ data: dataOf('that replaces one') });
    await put({ data: { ...dataOf('with a field too many'), more: secrets.text('as a field too many') } });
    await put({ data: secrets.awsKey('for another cloud') });
    await create({ provider, data: Object.values(dataOf('as a list')) });
    await create({ provider: 'aws', data: dataOf('for AWS') });
    await http('POST', `/credentials/${id}/rotate`, { token });
    await http('POST', `/credentials/${id}/verify`, { token });
    await http('DELETE', `/credentials/${id}`, { token });
  }
  await create({ provider: 'gcp', data: { ...gcp('cut off'), private_key: secrets.pem('cut off').slice(0, -30) } });
  await create({ provider: 'azure', data: { ...azure('as an id'), tenant_id: secrets.clientSecret('as a tenant') } });
  const role = { role_arn: 'arn:aws:iam::444455556666:role/missing', region: 'eu-west-1' };
  const { id } = (await create({ data: role })).body.data;
  await http('POST', `/credentials/${id}/verify`, { token });
  await create({ data: { ...role, external_id: secrets.text('as an external id') } });
  await create({ data: { ...role, role_arn: secrets.text('as a role') } });
  await http('DELETE', `/credentials/${id}`, { token });
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
  const user_data = `#cloud-config\npassword: ${secrets.text('in user data')}`;
  const lost = `#!/bin/sh\ntoken=${secrets.text('in user data of a creation that fails')}`;
  const [good, refused] = [await make({ user_data }), await make({ key_pair: 'no such key', user_data: lost })];
  await make({ user_data: secrets.text('in user data that is too long').repeat(1_000) });
  await make({ user_data: { text: secrets.text('in user data that is no text') } });
  await make({ script: secrets.text('as an unknown field of a VM') });
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
