import { invalid } from '../../../contracts/errors.ts';
import type { Call } from '../../platform/api/call.ts';

/** The workspace that the body names, which the middleware has entered; left out, it is the only one that the caller is in. */
export function workspaceOf(named: string | undefined, call: Call): string {
  if (named !== undefined) return named;
  const [only, ...others] = call.workspaces();
  if (only === undefined || others.length > 0) {
    throw invalid([
      { path: 'body.workspace_id', message: 'is required of whoever is not a member of exactly one workspace' },
    ]);
  }
  call.enter(only);
  return only;
}
