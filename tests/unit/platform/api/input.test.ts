import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ApiError, type Issue } from '../../../../contracts/errors.ts';
import { parameters } from '../../../../contracts/openapi/operations.ts';
import type { Route } from '../../../../contracts/route.ts';
import { maxBodyBytes, readIfMatch, readInput } from '../../../../functions/platform/api/input.ts';
import { fc } from '../../../support/properties.ts';
import { eventOf, exchangeOf } from './exchange.ts';

const refusalOf = (work: () => unknown): ApiError => {
  try {
    work();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('it was not refused');
};

const pathsOf = (request: Parameters<typeof exchangeOf>[0], route: Partial<Route> = {}) => {
  const error = refusalOf(() => readInput(exchangeOf(request, route)));
  expect(error.code).toBe('VALIDATION_ERROR');
  return (error.data['issues'] as Issue[]).map((issue) => issue.path);
};

describe('a body', () => {
  it('that fits is parsed', () => {
    expect(readInput(exchangeOf({ body: '{"name":"abc"}' })).body).toEqual({ name: 'abc' });
  });

  it('is decoded when it comes in base64', () => {
    const exchange = exchangeOf({ body: Buffer.from('{"name":"가나다"}').toString('base64') });
    Object.assign(exchange.event, { isBase64Encoded: true });
    expect(readInput(exchange).body).toEqual({ name: '가나다' });
  });

  it('that is malformed is refused by its place', () => {
    expect(pathsOf({ body: '{"name":' })).toEqual(['body']);
    expect(pathsOf({ body: '' })).toEqual(['body']);
    expect(pathsOf({})).toEqual(['body']);
    expect(pathsOf({ body: '[]' })).toEqual(['body']);
    expect(pathsOf({ body: 'name=abc', headers: { 'content-type': 'application/x-www-form-urlencoded' } })).toEqual([
      'body',
    ]);
  });

  it('names every place that does not fit, unknown fields too', () => {
    const body = JSON.stringify({ name: 'a', extra: 1, size: { width: 'x', depth: 2 } });
    expect(pathsOf({ body }).toSorted()).toEqual(['body.extra', 'body.name', 'body.size.depth', 'body.size.width']);
  });

  it('says of a key which rule it breaks', () => {
    const key = z
      .string()
      .refine((text) => !text.startsWith('aws:'), { error: 'must not begin with aws: or skyclust:' });
    const body = z.strictObject({ tags: z.record(key, z.string()) });
    const error = refusalOf(() => readInput(exchangeOf({ body: '{"tags":{"aws:x":"y"}}' }, { body })));
    expect(error.data['issues']).toEqual([
      { path: 'body.tags.aws:x', message: 'must not begin with aws: or skyclust:' },
    ]);
  });

  it('never says back what was sent', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12, maxLength: 40 }), (secret) => {
        const body = JSON.stringify({ name: 1, size: { width: `canary-${secret}` } });
        const error = refusalOf(() => readInput(exchangeOf({ body })));
        expect(JSON.stringify(error.data)).not.toContain('canary-');
      }),
      { numRuns: 200 },
    );
  });

  it('over 1 MB is 413', () => {
    const error = refusalOf(() => readInput(exchangeOf({ body: `"${'가'.repeat(maxBodyBytes / 3)}"` })));
    expect([error.code, error.status]).toEqual(['VALIDATION_ERROR', 413]);
    expect(error.data['issues']).toEqual([{ path: 'body', message: 'is too large' }]);
  });

  it('of a route that takes none is missing, blank or empty', () => {
    const without = (body?: string) => exchangeOf(body === undefined ? {} : { body }, { body: undefined });
    for (const body of [undefined, '', ' \n', '{}', ' { } ']) expect(readInput(without(body)).body).toBeUndefined();
    const refused = (body: string, headers?: Record<string, string>) =>
      refusalOf(() => readInput(exchangeOf({ body, ...(headers && { headers }) }, { body: undefined })));
    const issuesOf = (...given: Parameters<typeof refused>) => refused(...given).data['issues'];
    expect(refused('{"force":tru').messageKey).toBe('input.malformed_json');
    expect((issuesOf('{"force":true}') as Issue[]).map(({ path }) => path)).toEqual(['body.force']);
    for (const body of ['[]', 'null', '1', '"force"']) expect((issuesOf(body) as Issue[])[0]?.path).toBe('body');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(issuesOf('force=true', form)).toEqual([{ path: 'body', message: 'must be sent as application/json' }]);
  });

  it('may be a form only where the route takes one', () => {
    const exchange = exchangeOf(
      { body: 'name=abc', headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' } },
      { form: true },
    );
    expect(readInput(exchange).body).toEqual({ name: 'abc' });
    expect(exchange.form).toBe(true);
  });

  it('of garbage is refused, never a crash', () => {
    fc.assert(
      fc.property(fc.string(), (body) => {
        expect(refusalOf(() => readInput(exchangeOf({ body: `${body}}` }))).code).toBe('VALIDATION_ERROR');
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a query', () => {
  const body = '{"name":"abc"}';

  it('keeps commas inside a value and collects repeats', () => {
    const { query } = readInput(exchangeOf({ body, query: 'tag=a%2Cb&tag=c,d&one=x%20y' }));
    expect(query).toEqual({ tag: ['a,b', 'c,d'], one: 'x y' });
  });

  it('makes a list of one value where the schema wants a list', () => {
    expect(readInput(exchangeOf({ body, query: 'tag=a' })).query).toEqual({ tag: ['a'] });
  });

  it('refuses what is unknown or given twice', () => {
    expect(pathsOf({ body, query: 'two=1' })).toEqual(['query.two']);
    expect(pathsOf({ body, query: 'one=1&one=2' })).toEqual(['query.one']);
    expect(pathsOf({ body, query: '__proto__=1' })).toEqual(['query.__proto__']);
  });
});

describe('If-Match', () => {
  const version = (header?: string) =>
    readIfMatch(eventOf({ headers: header === undefined ? {} : { 'if-match': header } }));

  it('is the quoted version, or no condition', () => {
    expect([version('"3"'), version('*'), version()]).toEqual([3, undefined, undefined]);
  });

  it('of another form is refused', () => {
    for (const header of ['3', 'W/"3"', '"a"', '"1", "2"', ''])
      expect(refusalOf(() => version(header)).code).toBe('VALIDATION_ERROR');
  });

  it('is taken exactly where the OpenAPI document says so', () => {
    const documented = new RegExp(String(parameters['IfMatch']?.schema.pattern));
    const isTaken = (header: string) => {
      try {
        version(header);
        return true;
      } catch {
        return false;
      }
    };
    const pieces = fc.constantFrom('"', 'W/', '*', '0', '3', '42', '٣', ',', '-', 'a', '1'.repeat(15));
    const headers = fc.oneof(
      fc.array(pieces, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('')),
      fc.nat().map((number) => `"${number}"`),
      fc.constantFrom('*', `"${'9'.repeat(15)}"`, `"${'9'.repeat(16)}"`),
    );
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(headers, (header) => {
        seen.add(documented.test(header));
        expect(isTaken(header)).toBe(documented.test(header));
      }),
      { numRuns: 1_000 },
    );
    expect(seen).toEqual(new Set([true, false]));
  });
});
