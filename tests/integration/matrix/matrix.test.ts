import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { Route } from '../../../contracts/route.ts';
import { routes } from '../../../contracts/routes.ts';
import { createHttp, type HttpAnswer } from '../../support/http-client.ts';
import { readItems } from '../../support/table-items.ts';
import { expectedOf } from './expected.ts';
import { type Sample, samples } from './samples.ts';
import { makeWorld, type Persona, type World } from './world.ts';

const stack = inject('stack');
const http = createHttp(stack.base_url);
const missing = '01926f3c-7b4e-7d10-9c3a-000000000000';

/** Their answers end what they are called with: each is proven in its own context's tests. */
const endsItsCaller = ['auth.logout'];

let world: World;
beforeAll(async () => {
  world = await makeWorld(http, stack.admin);
}, 120_000);

function sampleOf(id: string, from: World): Sample {
  const make = samples[id];
  if (make === undefined) throw new Error(`no sample for route ${id}: add one to samples.ts`);
  return make(from);
}

/** By the persona's key where it calls with one. */
function send(
  route: Route,
  { params = {}, query, body, headers: own = {} }: Sample,
  { person, key }: Partial<Persona> = {},
): Promise<HttpAnswer> {
  const token = key === undefined ? person?.token : undefined;
  const headers = { ...own, ...(key !== undefined && { 'x-api-key': key }) };
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
  return http(route.method, query === undefined ? path : `${path}?${query}`, { token, body, headers });
}

const outcomeOf = ({ status, body }: HttpAnswer) => {
  if (status >= 500 || status === 429) return `${status} ${body.code}`;
  return ['UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND'].includes(body.code) ? body.code : 'allowed';
};

/** What a stranger can compare: all but the request's own id and time. */
const substance = ({ status, body }: HttpAnswer) => ({ status, ...body, request_id: undefined, timestamp: undefined });

const callable = Object.values(routes).filter((route) => route.path.startsWith('/api/v1/'));

describe('every route, for everybody', () => {
  it.each(callable.map((route) => [route.id, route] as const))(
    '%s lets in whom its entry says, and nobody else',
    async (id, route) => {
      const sample = sampleOf(id, world);
      const outcomes: Record<string, string> = {};
      const expected: Record<string, string> = {};
      // The least first: what is refused can't have spoilt what the next one meets.
      for (const persona of world.personas) {
        if (persona.person !== undefined && endsItsCaller.includes(id)) continue;
        outcomes[persona.name] = outcomeOf(await send(route, sampleOf(id, world), persona));
        expected[persona.name] = expectedOf(route, persona, sample.params?.['id']);
      }
      // Whom the route lets in as a viewer may still be refused by the rules on members.
      if (id === 'members.remove')
        for (const name of Object.keys(expected)) if (expected[name] === 'allowed') delete expected[name];
      expect(outcomes).toMatchObject(expected);
    },
  );
});

describe('what is foreign', () => {
  const ofWorkspace = callable.filter(({ who }) => who.kind === 'workspace');

  it.each(ofWorkspace.map((route) => [route.id, route] as const))(
    '%s answers a stranger as if it were missing',
    async (id, route) => {
      const stranger = world.personas.find(({ name }) => name === 'stranger')?.person;
      const foreign = await send(route, sampleOf(id, world), { person: stranger });
      const gone = await send(
        route,
        sampleOf(id, { ...world, workspaceId: missing, credentialId: missing, vmId: missing }),
        { person: stranger },
      );
      expect(foreign.status).toBe(404);
      expect(substance(foreign)).toEqual(substance(gone));
    },
  );

  it('is not changed by anything a stranger sends', async () => {
    const stranger = world.personas.find(({ name }) => name === 'stranger')?.person;
    const before = await readItems(stack, `WS#${world.workspaceId}`);
    for (const route of ofWorkspace) await send(route, sampleOf(route.id, world), { person: stranger });
    expect(await readItems(stack, `WS#${world.workspaceId}`)).toEqual(before);
  });
});
