import { forbidden } from '../../../contracts/errors.ts';
import { permissionsOf } from '../../../contracts/shared/permissions.ts';
import type { Call } from '../../platform/api/call.ts';

/** A workspace's rows are for who may enter it, which has been looked at before; all rows of everybody take a permission. */
export function assertMayRead(workspaceId: string | undefined, { caller }: Pick<Call, 'caller'>): void {
  if (workspaceId === undefined && !permissionsOf(caller.role).includes('audit:read')) throw forbidden();
}
