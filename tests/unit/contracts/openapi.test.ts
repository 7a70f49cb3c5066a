import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type ErrorCode, errorStatus } from '../../../contracts/errors.ts';
import { codesOf } from '../../../contracts/openapi/codes.ts';
import type { Operation, Response } from '../../../contracts/openapi/types.ts';
import { buildOpenApi } from '../../../contracts/openapi.ts';
import { defineRoutes, type Route, route } from '../../../contracts/route.ts';
import { routes } from '../../../contracts/routes.ts';

const document = buildOpenApi(routes, { version: '1.2.3' });
const operations = Object.values(routes).map((described) => ({
  described,
  operation: document.paths[described.path]?.[described.method.toLowerCase()] as Operation,
}));
const json = (response: unknown) => (response as Response).content?.['application/json'];

describe('the OpenAPI document', () => {
  it('is a valid document of version 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document) as never);
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it('has every route once, with its id, a summary, a tag and who may call', () => {
    expect(Object.values(document.paths).flatMap((methods) => Object.keys(methods)).length).toBe(operations.length);
    for (const { described, operation } of operations) {
      expect(operation.operationId).toBe(described.id);
      expect(operation.summary).toBe(described.summary);
      expect(operation.tags).toEqual([described.tag]);
      expect(operation.description).toMatch(/Needs|For every/);
      const either = described.sessionOnly === true ? [{ bearer: [] }] : [{ bearer: [] }, { apiKey: [] }];
      expect(operation.security).toEqual(described.who.kind === 'anyone' ? [] : either);
    }
  });

  it('refers to nothing that it does not have', () => {
    const references = JSON.stringify(document).match(/"#\/[^"]+"/g) ?? [];
    expect(references.length).toBeGreaterThan(100);
    for (const reference of new Set(references)) {
      const [, ...path] = JSON.parse(reference).split('/');
      expect(
        path.reduce((at: never, name: string) => at?.[name], document),
        reference,
      ).toBeDefined();
    }
  });

  it('shows an example of each request and each answer that its schema takes', () => {
    for (const { described, operation } of operations) {
      const success = json(operation.responses[String(described.answer.status)])?.example as {
        data?: unknown;
        message?: string;
      };
      if (described.answer.data !== undefined)
        expect(described.answer.data.safeParse(success.data), described.id).toMatchObject({ success: true });
      expect(success.message !== undefined, described.id).toBe(described.answer.message !== undefined);
      if (described.body === undefined) expect(operation.requestBody).toBeUndefined();
      else
        expect(described.body.safeParse(json(operation.requestBody)?.example), described.id).toMatchObject({
          success: true,
        });
    }
  });

  it('shows an example of each of the eight codes, and of a body that is too large', () => {
    const examples = Object.values(document.components.responses).map(
      (response) => json(response)?.example as { code: string; error: string },
    );
    expect(new Set(examples.map(({ code }) => code))).toEqual(new Set(Object.keys(errorStatus)));
    for (const { error } of examples) expect(error).toMatch(/^[^{}]+$/);
    expect(document.components.responses['TooLarge']).toBeDefined();
  });

  it('tells parameters as they are sent, not as text', () => {
    const list = document.paths['/api/v1/audit-logs']?.['get'];
    const named = (name: string) =>
      list?.parameters.find((parameter) => 'name' in parameter && parameter.name === name);
    expect(named('limit')).toMatchObject({
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
    });
    expect(named('success')).toMatchObject({ schema: { type: 'boolean' } });
    expect(named('action')).toMatchObject({ style: 'form', explode: true, schema: { type: 'array' } });
    expect(named('start_time')).toMatchObject({ schema: { type: 'string', format: 'date-time' } });
  });

  it('has the headers that a route takes', () => {
    const takes = (id: string) => operations.find(({ described }) => described.id === id)?.operation.parameters;
    expect(takes('workspaces.create')).toContainEqual({ $ref: '#/components/parameters/IdempotencyKey' });
    expect(takes('workspaces.update')).toContainEqual({ $ref: '#/components/parameters/IfMatch' });
    expect(takes('vms.start')).toContainEqual({ $ref: '#/components/parameters/IfMatch' });
    expect(takes('members.update')).toContainEqual({ $ref: '#/components/parameters/IfMatch' });
    for (const id of ['workspaces.get', 'workspaces.create', 'members.add'])
      expect(takes(id), id).not.toContainEqual({ $ref: '#/components/parameters/IfMatch' });
  });

  it('has no pattern that only JavaScript reads', () => {
    expect(JSON.stringify(document)).not.toMatch(/\\\\[pP]\{/);
  });

  it('refuses two schemas of one name', () => {
    const thing = (field: string) => z.strictObject({ [field]: z.string() }).meta({ id: `Twin` });
    const base = {
      method: 'GET',
      summary: 'Read it',
      who: { kind: 'anyone' },
      counted: 'no',
      audit: false,
      tag: 'T',
    } as const;
    const build = (second: z.ZodObject) => {
      const first = route({ ...base, path: '/a', answer: { status: 200, data: z.object({ it: thing('a') }) } });
      const other = route({ ...base, path: '/b', answer: { status: 200, data: z.object({ it: second }) } });
      return buildOpenApi(defineRoutes('system-api', { 'a.read': first, 'b.read': other }), { version: '0' });
    };
    expect(() => build(thing('b'))).toThrow('cannot describe schema Twin');
  });
});

describe('the codes that a route can answer', () => {
  const codes = (id: string) => codesOf(routes[id] as Route);
  const always: ErrorCode[] = ['VALIDATION_ERROR', 'INTERNAL_ERROR', 'SERVICE_UNAVAILABLE'];

  it.each<[string, ErrorCode[]]>([
    ['health.read', []],
    ['auth.register', ['CONFLICT', 'RATE_LIMITED']],
    ['auth.me', ['UNAUTHORIZED', 'RATE_LIMITED']],
    ['workspaces.create', ['UNAUTHORIZED', 'FORBIDDEN', 'CONFLICT', 'RATE_LIMITED']],
    ['workspaces.list', ['UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMITED']],
    ['workspaces.get', ['UNAUTHORIZED', 'NOT_FOUND', 'RATE_LIMITED']],
    ['workspaces.update', ['UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'RATE_LIMITED']],
    ['users.get', ['UNAUTHORIZED', 'NOT_FOUND', 'RATE_LIMITED']],
    ['audit.list', ['UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'RATE_LIMITED']],
  ])('of %s are %j beside those of all', (id, expected) => {
    expect(new Set(codes(id))).toEqual(new Set([...always, ...expected]));
  });
});
