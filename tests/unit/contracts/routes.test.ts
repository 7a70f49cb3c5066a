import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { buildOpenApi } from '../../../contracts/openapi.ts';
import type { Route } from '../../../contracts/route.ts';
import { routes } from '../../../contracts/routes.ts';

const all = Object.entries(routes);
const each = (check: (route: Route, id: string) => void) => {
  expect(all.length).toBeGreaterThan(20);
  for (const [id, route] of all) check(route, id);
};

/** A failure that names the route. */
const expectOf = (route: Route, value: unknown) => expect(value, route.id);

const word = /^[a-z]+(_[a-z]+)*$/;
const document = buildOpenApi(routes, { version: '0' });
const bodyExample = ({ path, method }: Route) =>
  document.paths[path]?.[method.toLowerCase()]?.requestBody?.content['application/json']?.example;
/** Catalogs of providers are answered as bare arrays, unpaged; what bounds each, its entry says. */
const isCatalog = ({ path, method }: Route) => path.startsWith('/api/v1/providers') && method === 'GET';
const isBare = ({ answer }: Route) => answer.data?.def.type === 'array';
const namesOf = (schema: z.ZodObject | undefined) => Object.keys(schema?.shape ?? {});

describe('the route table', () => {
  it('has each id, and each method of a path, once', () => {
    each((route, id) => expectOf(route, route.id).toBe(id));
    const keys = all.map(([, { method, path }]) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`);
    expect(keys.length).toBe(new Set(keys).size);
  });

  it('keeps a path that a parameter of another would take in the same function, which tells them apart', () => {
    const literal = all.filter(([, { path }]) => !path.includes('{'));
    const pairs = all.flatMap(([, taker]) => {
      const takes = new RegExp(`^${taker.path.replace(/\{\w+\}/g, '[^/]+')}$`);
      return literal
        .filter(([, { path }]) => path !== taker.path && takes.test(path))
        .map(([, taken]) => [taker, taken]);
    });
    expect(pairs.length).toBeGreaterThan(0);
    for (const [taker, taken] of pairs as [Route, Route][]) expectOf(taken, taken.fn).toBe(taker.fn);
  });

  it('names a route by its things and a verb', () => {
    each((route) => expectOf(route, route.id).toMatch(/^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$/));
  });

  it('sums every route up in a short sentence without a full stop', () => {
    each((route) => expectOf(route, route.summary).toMatch(/^[A-Z][^\n]{4,89}[^.\s]$/));
  });

  it('serves every route by a function that exists', () => {
    const root = join(import.meta.dirname, '../../..');
    const handlers = globSync('functions/*/handlers/*.lambda.ts', { cwd: root }).map((file) =>
      basename(file, '.lambda.ts'),
    );
    each((route) => expectOf(route, handlers).toContain(route.fn));
  });

  it('begins every path with /api/v1 but those of health and configuration, which stand at the root, too', () => {
    each((route) =>
      expectOf(route, route.path).toMatch(/^(\/health(\/db|\/redis)?|\/debug\/config)$|^\/api\/v1\/[a-z]/),
    );
  });

  it('has a parameter for each place in a path and for no other', () => {
    each((route) => {
      const places = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expectOf(route, namesOf(route.params)).toEqual(places);
    });
  });

  it('finds the workspace of a route where it says that it stands', () => {
    each((route) => {
      const { who, params, query, body } = route;
      if (who.kind !== 'workspace') return;
      if (who.at === 'params.id') expectOf(route, namesOf(params)).toContain('id');
      if (who.at === 'thing') expectOf(route, params).toBeDefined();
      if (who.at === 'query') expectOf(route, namesOf(query)).toContain('workspace_id');
      if (who.at === 'body') {
        expectOf(route, body).toBeDefined();
        expectOf(route, bodyExample(route)).toHaveProperty('workspace_id');
      }
    });
  });

  it('asks for a token wherever something is written, but to sign in', () => {
    each((route) => {
      if (route.who.kind === 'anyone')
        expectOf(route, route.method === 'GET' || route.counted === 'sign_in').toBe(true);
    });
  });

  it('counts and audits the same routes', () => {
    each((route) => expectOf(route, route.audit === false).toBe(route.counted === 'no'));
  });

  it('names in the audit a thing in the singular, and what is done with it', () => {
    each((route) => {
      if (route.audit === false) return;
      const { resource, action } = route.audit;
      expectOf(route, resource).toMatch(word);
      expectOf(route, resource).not.toMatch(/[^s]s$/);
      expectOf(route, action).toMatch(word);
      const names = namesOf(route.answer.data as z.ZodObject | undefined);
      const isList = names.includes('pagination') || isBare(route) || names.includes('providers');
      expectOf(route, action === 'list').toBe(isList);
      if (route.method === 'GET') expectOf(route, action).not.toMatch(/^(create|update|delete)$/);
      if (route.method === 'DELETE') expectOf(route, action).toBe('delete');
      if (route.method === 'PUT') expectOf(route, action).toMatch(/^(update|change|.+_update)$/);
    });
  });

  it('takes an idempotency key in every POST that creates, and nowhere else', () => {
    each((route) => {
      const creates = route.method === 'POST' && route.audit !== false && route.audit.action === 'create';
      expectOf(route, route.idempotent === true).toBe(creates);
      // Signing in makes a session, and takes none.
      if (route.answer.status === 201 && !creates) expectOf(route, route.counted).toBe('sign_in');
    });
  });

  it('limits, offsets and sorts every list', () => {
    each((route) => {
      if (route.audit === false || route.audit.action !== 'list' || isCatalog(route)) return;
      expectOf(route, isBare(route)).toBe(false);
      expectOf(route, namesOf(route.query)).toEqual(expect.arrayContaining(['limit', 'offset', 'sort']));
      expectOf(route, route.query?.safeParse({ limit: '101' }).success).toBe(false);
      expectOf(route, route.query?.safeParse({ sort: 'nothing:asc' }).success).toBe(false);
      expectOf(route, route.query?.parse({})).toMatchObject({ offset: 0, sort: expect.anything() });
    });
  });

  it('has a body in POST and PUT alone, and an answer in each', () => {
    each((route) => {
      if (route.method === 'GET' || route.method === 'DELETE') expectOf(route, route.body).toBeUndefined();
      if (route.method === 'GET') expectOf(route, route.answer.data).toBeDefined();
      expectOf(route, route.answer.data ?? route.answer.message).toBeDefined();
    });
  });

  it('refuses unknown fields of bodies and unknown parameters', () => {
    each((route) => {
      expectOf(route, route.query?.safeParse({ no_such_parameter: '1' }).success ?? false).toBe(false);
      const example = bodyExample(route);
      if (route.body === undefined) return;
      expectOf(route, route.body.safeParse(example).success).toBe(true);
      expectOf(route, route.body.safeParse({ ...(example as object), no_such_field: 1 }).success).toBe(false);
    });
  });
});
