import type { ErrorCode } from '../errors.ts';
import { errorStatus } from '../errors.ts';
import type { Route } from '../route.ts';

function refusesRole({ who, method, sessionOnly }: Route): boolean {
  if (sessionOnly === true) return true;
  if (who.kind === 'permission') return who.orSelf !== true;
  if (who.kind === 'workspace') return who.role !== 'viewer' || method !== 'GET';
  // A system viewer writes its own account alone.
  return who.kind === 'caller' && method !== 'GET' && who.account !== true;
}

/** The codes that a route can answer, by status. Any route refuses query parameters that it does not know. */
export function codesOf(route: Route): ErrorCode[] {
  const { who, counted, params, method, idempotent, versioned, errors = [] } = route;
  const codes = new Set<ErrorCode>(['VALIDATION_ERROR', 'INTERNAL_ERROR', 'SERVICE_UNAVAILABLE', ...errors]);
  if (who.kind !== 'anyone') codes.add('UNAUTHORIZED');
  if (refusesRole(route)) codes.add('FORBIDDEN');
  if (params !== undefined || who.kind === 'workspace') codes.add('NOT_FOUND');
  if (idempotent === true || (versioned === true && method !== 'GET')) codes.add('CONFLICT');
  if (counted !== 'no') codes.add('RATE_LIMITED');
  return [...codes].sort((a, b) => errorStatus[a] - errorStatus[b]);
}
