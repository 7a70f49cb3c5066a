import { describe, expect, it } from 'vitest';
import { routes } from '../../../contracts/routes.ts';
import { refuseUnknown } from '../../../functions/system/domain/refuse-unknown.ts';

const refuse = refuseUnknown(Object.values(routes));
const fill = (path: string) => path.replace(/\{\w+\}/g, '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a');

describe('a request that no route is for', () => {
  it('gets 405 with the methods that its path takes, on every path of the route table', () => {
    const paths = [...new Set(Object.values(routes).map(({ path }) => path))];
    expect(paths.length).toBeGreaterThan(10);
    for (const path of paths) {
      const error = refuse('PATCH', fill(path));
      const methods = Object.values(routes).flatMap((route) => (route.path === path ? [route.method] : []));
      expect(error).toMatchObject({ status: 405, code: 'VALIDATION_ERROR', params: { method: 'PATCH' } });
      expect(error.data).toEqual({ issues: [{ path: 'method', message: 'is not one of those that Allow names' }] });
      expect(error.headers['allow']?.split(', ')).toEqual(expect.arrayContaining(methods));
    }
  });

  it('gets 404 on any other path', () => {
    for (const path of [
      '/',
      '/api/v1',
      '/api/v1/',
      '/api/v1/workspaces/',
      '/api/v1/workspaces//members',
      '/API/v1/workspaces',
      '/healthz',
    ]) {
      expect(refuse('GET', path)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    }
  });

  it('does not take dots of a path for anything', () => {
    const one = { one: { method: 'GET', path: '/api/v1/openapi.json' } };
    expect(refuseUnknown(Object.values(one))('PUT', '/api/v1/openapi.json').headers).toEqual({ allow: 'GET' });
    expect(refuseUnknown(Object.values(one))('PUT', '/api/v1/openapixjson').status).toBe(404);
  });
});
