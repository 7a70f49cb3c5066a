import { randomUUID } from 'node:crypto';
import type { Http } from './http-client.ts';

export interface Person {
  id: string;
  email: string;
  password: string;
  token: string;
  refreshToken: string;
}

/** Registers somebody new. The first one of a fresh stack is its admin. */
export async function register(
  http: Http,
  name = 'person',
  email = `${name}-${randomUUID()}@example.com`,
): Promise<Person> {
  const password = 'correct horse 1';
  const { status, body } = await http('POST', '/auth/register', { body: { username: name, email, password } });
  if (status !== 201) throw new Error(`cannot register: ${status} ${JSON.stringify(body)}`);
  return { id: body.data.user.id, email, password, token: body.data.token, refreshToken: body.data.refresh_token };
}

/** A session more of somebody who is there already. */
export async function signIn(http: Http, person: Person): Promise<Person> {
  const { status, body } = await http('POST', '/auth/login', {
    body: { email: person.email, password: person.password },
  });
  if (status !== 200) throw new Error(`cannot sign in: ${status} ${JSON.stringify(body)}`);
  return { ...person, token: body.data.token, refreshToken: body.data.refresh_token };
}

/** Makes a workspace of this person and answers its id. */
export async function makeWorkspace(
  http: Http,
  owner: Pick<Person, 'token'>,
  name = `workspace ${randomUUID()}`,
): Promise<string> {
  const { status, body } = await http('POST', '/workspaces', { token: owner.token, body: { name } });
  if (status !== 201) throw new Error(`cannot make a workspace: ${status} ${JSON.stringify(body)}`);
  return body.data.id;
}

export async function addMember(
  http: Http,
  owner: Person,
  workspaceId: string,
  person: Person,
  role: string,
): Promise<void> {
  const { status, body } = await http('POST', `/workspaces/${workspaceId}/members`, {
    token: owner.token,
    body: { user_id: person.id, role },
  });
  if (status !== 200) throw new Error(`cannot add a member: ${status} ${JSON.stringify(body)}`);
}
