import { key, keyPrefix } from '../../platform/table/key.ts';
import type { Key } from '../../platform/table/types.ts';

/** A workspace's VMs, bounded by its quota. */
export const vmKey = (workspaceId: string, id: string): Key => ({ pk: key('WS', workspaceId), sk: key('VM', id) });
export const vmPrefix = keyPrefix('VM');

/** Deleted ones lie apart, so that a workspace that makes and deletes many still lists the others at their own cost. */
export const deletedVmKey = (workspaceId: string, id: string): Key => ({
  pk: key('WS', workspaceId),
  sk: key('DELETEDVM', id),
});
export const deletedVmPrefix = keyPrefix('DELETEDVM');

export const vmEventKey = (vmId: string, at: string, id: string): Key => ({
  pk: key('VM', vmId),
  sk: key('EVENT', at, id),
});
export const vmEventPrefix = keyPrefix('EVENT');

/** Beside the history, so that neither a list of VMs nor a history reads it. */
export const userDataKey = (vmId: string): Key => ({ pk: key('VM', vmId), sk: 'USERDATA' });
