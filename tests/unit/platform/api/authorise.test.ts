import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../../contracts/errors.ts';
import type { Route, Who } from '../../../../contracts/route.ts';
import {
  roleReaches,
  type SystemRole,
  systemRoles,
  type WorkspaceRole,
  workspaceRoles,
} from '../../../../contracts/shared/permissions.ts';
import {
  assertEntered,
  authoriseRole,
  authoriseWorkspace,
  enterWorkspace,
} from '../../../../functions/platform/api/authorise.ts';
import { exchangeOf } from './exchange.ts';

const outcomeOf = (work: () => unknown): string => {
  try {
    work();
    return 'allowed';
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
};

const caller = (role: SystemRole, memberships: Record<string, WorkspaceRole> = {}) => ({
  userId: 'me',
  role,
  sessionId: 'session',
  memberships,
});

const routeOf = (who: Who, method: Route['method'] = 'POST'): Partial<Route> => ({ who, method });

describe('a system role', () => {
  it('without the permission is FORBIDDEN', () => {
    const exchange = exchangeOf({}, routeOf({ kind: 'permission', permission: 'user:create' }));
    expect(systemRoles.map((role) => outcomeOf(() => authoriseRole(exchange, caller(role))))).toEqual([
      'allowed',
      'FORBIDDEN',
      'FORBIDDEN',
    ]);
  });

  it("does not reveal another user's own thing", () => {
    const who: Who = { kind: 'permission', permission: 'user:read', orSelf: true };
    const at = (id: string) => exchangeOf({ params: { id } }, routeOf(who, 'GET'));
    expect(outcomeOf(() => authoriseRole(at('me'), caller('user')))).toBe('allowed');
    expect(outcomeOf(() => authoriseRole(at('other'), caller('user')))).toBe('NOT_FOUND');
    expect(outcomeOf(() => authoriseRole(at('other'), caller('admin')))).toBe('allowed');
  });

  it('viewer writes nothing but its own account', () => {
    const viewer = caller('viewer', { w: 'owner' });
    const write = (who: Who, id = 'other') =>
      outcomeOf(() => authoriseRole(exchangeOf({ params: { id } }, routeOf(who, 'PUT')), viewer));
    expect(write({ kind: 'caller' })).toBe('FORBIDDEN');
    expect(write({ kind: 'workspace', role: 'member', at: 'thing' })).toBe('FORBIDDEN');
    expect(write({ kind: 'caller', account: true })).toBe('allowed');
    expect(write({ kind: 'permission', permission: 'user:update', orSelf: true }, 'me')).toBe('allowed');
    expect(outcomeOf(() => authoriseRole(exchangeOf({}, routeOf({ kind: 'caller' }, 'GET')), viewer))).toBe('allowed');
  });
});

describe('a workspace role', () => {
  it('reaches what is asked of it or of a lower one, and nothing above', () => {
    for (const required of workspaceRoles) {
      for (const held of workspaceRoles) {
        const exchange = exchangeOf({}, routeOf({ kind: 'workspace', role: required, at: 'thing' }));
        const outcome = outcomeOf(() => enterWorkspace(exchange, caller('user', { w: held }), 'w'));
        expect(outcome).toBe(roleReaches(held, required) ? 'allowed' : 'FORBIDDEN');
      }
    }
  });

  it('of another workspace, or none, is NOT_FOUND, for an admin without the permission too', () => {
    const exchange = exchangeOf({}, routeOf({ kind: 'workspace', role: 'viewer', at: 'thing' }));
    for (const name of ['other', 'constructor', '__proto__', 'toString']) {
      expect(outcomeOf(() => enterWorkspace(exchange, caller('admin', { w: 'owner' }), name))).toBe('NOT_FOUND');
    }
    expect(exchange.entered).toBeUndefined();
  });

  it('is not asked of one who holds the permission instead', () => {
    const exchange = exchangeOf(
      {},
      routeOf({ kind: 'workspace', role: 'owner', at: 'thing', orPermission: 'workspace:manage' }),
    );
    expect(enterWorkspace(exchange, caller('admin'), 'w')).toBe('manager');
  });

  it('is judged where path, body or query name the workspace', () => {
    const judge = (at: 'params.id' | 'body' | 'query', input: object) => {
      const exchange = exchangeOf({}, routeOf({ kind: 'workspace', role: 'viewer', at }));
      Object.assign(exchange.input, input);
      return outcomeOf(() => authoriseWorkspace(exchange, caller('user', { w: 'viewer' })));
    };
    expect(judge('params.id', { params: { id: 'w' } })).toBe('allowed');
    expect(judge('params.id', { params: { id: 'x' } })).toBe('NOT_FOUND');
    expect(judge('body', { body: { workspace_id: 'x' } })).toBe('NOT_FOUND');
    expect(judge('query', { query: { workspace_id: 'x' } })).toBe('NOT_FOUND');
    expect(judge('query', { query: {} })).toBe('allowed');
  });

  it('that was never asked for fails closed', () => {
    const answered = (who: Who) => outcomeOf(() => assertEntered(exchangeOf({}, routeOf(who))));
    expect(answered({ kind: 'workspace', role: 'viewer', at: 'thing' })).toBe('INTERNAL_ERROR');
    expect(answered({ kind: 'workspace', role: 'viewer', at: 'body' })).toBe('INTERNAL_ERROR');
    expect(answered({ kind: 'caller' })).toBe('allowed');
  });
});
