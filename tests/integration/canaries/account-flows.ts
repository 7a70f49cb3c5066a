import { randomUUID } from 'node:crypto';
import { tableOf, takeCode } from '../../support/codes.ts';
import type { Person } from '../../support/people.ts';
import type { Journal } from './journal.ts';

const emailOf = (name: string) => `${name}-${randomUUID()}@example.com`;

/** A person whose password and tokens are canaries. */
export async function joinUp({ http, secrets }: Journal, name: string): Promise<Person> {
  const [email, password] = [emailOf(name), secrets.password(`${name} registers`)];
  const { status, body } = await http('POST', '/auth/register', { body: { username: name, email, password } });
  if (status !== 201) throw new Error(`cannot register ${name}: ${status}`);
  return { id: body.data.user.id, email, password, ...tokensOf(secrets, name, body.data) };
}

type SessionData = { token: string; refresh_token: string };

const tokensOf = (secrets: Journal['secrets'], what: string, data: SessionData) => ({
  token: secrets.token(what, data.token),
  refreshToken: secrets.refreshToken(what, data.refresh_token),
});

/** Registrations that are refused, with the secret in its own and in every wrong place. */
export async function failToRegister({ http, secrets }: Journal, known: Person): Promise<void> {
  const pass = (what: string) => secrets.password(`registration ${what}`);
  const base = () => ({ username: 'canary', email: emailOf('refused') });
  const register = (body: unknown, headers = {}) => http('POST', '/auth/register', { body, headers });
  await register({ ...base(), email: known.email, password: pass('of a taken address') });
  await register({ ...base(), password: pass('with a blank').concat(' ') });
  await register({ ...base(), password: [pass('as a list')] });
  await register({ ...base(), password: { value: pass('as an object') } });
  await register({ ...base(), password: pass('too long').repeat(4) });
  await register({ ...base(), email: pass('as an address'), password: 'short' });
  await register({ username: pass('as a name too long').repeat(2), email: emailOf('x'), password: 'short' });
  await register({ ...base(), password: 'correct horse 1', passphrase: pass('in an unknown field') });
  await register(`{"username": "canary", "password": "${pass('in JSON that is cut off')}`);
  await register(`${pass('as JSON that is none')}`);
  await register(JSON.stringify({ ...base(), password: pass('of a megabyte'), more: 'x'.repeat(1_048_577) }));
  await register(JSON.stringify({ ...base(), password: pass('as plain text') }), { 'content-type': 'text/plain' });
}

export async function signInAndOut({ http, secrets }: Journal, person: Person): Promise<Person> {
  const { email, password } = person;
  const login = (body: unknown, headers = {}, query = '') => http('POST', `/auth/login${query}`, { body, headers });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  await login({ email, password: secrets.password('wrong at login') });
  await login({ email: emailOf('nobody'), password: secrets.password('of nobody') });
  await login({ email: secrets.text('as the address at login'), password });
  await login({ email, password: 7, pin: secrets.text('in an unknown field at login') });
  await login({ email, password: secrets.text('too long at login').repeat(9) });
  await login(`username=${email}&password=${secrets.password('wrong in the form')}`, form);
  await login({ email, password }, {}, `?password=${secrets.text('in the query at login')}`);
  const byForm = (await login(new URLSearchParams({ username: email, password }).toString(), form)).body.data;
  tokensOf(secrets, 'signed in by form', byForm);
  const session = (await login({ email, password })).body.data;
  return { ...person, ...tokensOf(secrets, 'signed in', session) };
}

export async function refreshAndEnd({ http, secrets }: Journal, person: Person): Promise<void> {
  const refresh = (body: unknown) => http('POST', '/auth/refresh', { body });
  const first = await refresh({ refresh_token: person.refreshToken });
  const again = await refresh({ refresh_token: person.refreshToken });
  const next = tokensOf(secrets, 'refreshed', first.body.data);
  tokensOf(secrets, 'refreshed by the second tab', again.body.data);
  await refresh({ refresh_token: `${next.refreshToken}x` });
  await refresh({ refresh_token: [next.refreshToken] });
  await refresh({ token: next.refreshToken });
  await refresh({ refresh_token: secrets.text('as a refresh token') });
  await refresh(`{"refresh_token": "${next.refreshToken}`);
  const { token } = next;
  await http('PUT', `/users/${person.id}`, { token, body: { password: secrets.password('in a change of the user') } });
  await http('PUT', `/users/${person.id}`, { token, body: { profile_image: secrets.text('as an image') } });
  await http('PUT', `/users/${person.id}`, { token, body: { name: 'renamed' } });
  await http('POST', '/auth/logout', { token, body: { refresh_token: [next.refreshToken] } });
  await http('POST', '/auth/logout', { token, body: { refresh_token: next.refreshToken } });
  await http('GET', '/auth/me', { token });
  await refresh({ refresh_token: next.refreshToken });
}

/** Tokens of nobody, under every scheme and in every place that a client may think of. */
export async function knock({ http, secrets }: Journal, person: Person): Promise<void> {
  const bad = (what: string) => secrets.text(`as a token ${what}`);
  const headers: Record<string, string>[] = [
    { authorization: `Bearer ${bad('of no form')}` },
    { authorization: `Basic ${bad('of the scheme Basic')}` },
    { authorization: bad('without a scheme') },
    { 'x-api-key': `sk_${bad('of the API')}` },
    { authorization: `Bearer ${person.token}`, 'x-api-key': `sk_${bad('beside another')}` },
    { cookie: `token=${bad('in a cookie')}` },
    { authorization: `Bearer ${person.token.slice(0, -8)}AAAAAAAA` },
    { authorization: `Bearer ${person.refreshToken}` },
  ];
  for (const header of headers) await http('GET', '/auth/me', { headers: header });
  await http('GET', `/workspaces?token=${bad('in the query')}`, { token: person.token });
  await http('GET', `/workspaces/${bad('in the path')}`, { token: person.token });
  await http('GET', `/${bad('as the path')}`, { token: person.token });
}

/** Codes and passwords, right and wrong, and in places where none belongs. */
export async function proveAndReplace({ http, secrets, stack }: Journal, person: Person): Promise<void> {
  const table = tableOf(stack);
  const { id, email, token } = person;
  const take = async (what: string, purpose: 'verify_email' | 'reset_password') =>
    secrets.code(what, await takeCode(table, id, purpose));
  const verify = (body: unknown) => http('POST', '/auth/verify-email', { token, body });
  const superseded = await take('superseded', 'verify_email');
  const code = await take('of an address', 'verify_email');
  await verify({ code: superseded });
  await verify({ code: [code] });
  await verify({ code, address: secrets.text('beside a code') });
  await verify({ code: secrets.text('as a code') });
  await http('GET', `/auth/check-email?email=${email}&code=${code}`);
  await verify({ code });

  const reset = (body: object) => http('POST', '/auth/password/reset', { body: { email, ...body } });
  await http('POST', '/auth/password/forgot', { body: { email } });
  const good = await take('of a password', 'reset_password');
  await reset({ code: superseded, new_password: secrets.password('with a wrong code') });
  await reset({ code: good, new_password: secrets.password('too long to set').repeat(4) });
  await reset({ code: good, new_password: secrets.password('beside an unknown field'), code2: good });
  await reset({ code: good, new_password: [secrets.password('as a list to set')] });
  const password = secrets.password('reset');
  const done = await reset({ code: good, new_password: password });
  if (done.status !== 200) throw new Error(`cannot reset a password: ${JSON.stringify(done.body)}`);
  await reset({ code: good, new_password: secrets.password('with a spent code') });

  const { status, body } = await http('POST', '/auth/login', { body: { email, password } });
  if (status !== 200) throw new Error(`cannot sign in after a reset: ${JSON.stringify(body)}`);
  const session = tokensOf(secrets, 'signed in after a reset', body.data);
  const change = (body: object) => http('PUT', '/auth/password', { token: session.token, body });
  await change({ current_password: secrets.password('wrong at a change'), new_password: password });
  await change({ current_password: password, new_password: secrets.password('blank').concat(' ') });
  await change({ current_password: password, new_password: secrets.password('changed') });
  await http('GET', '/auth/me', session);
}
