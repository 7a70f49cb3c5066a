import { key, keyPrefix } from '../../platform/table/key.ts';
import type { Key } from '../../platform/table/types.ts';

export const credentialPartition = (workspaceId: string): string => key('WS', workspaceId);

export const credentialKey = (workspaceId: string, id: string): Key => ({
  pk: credentialPartition(workspaceId),
  sk: key('CREDENTIAL', id),
});

export const credentialPrefix = keyPrefix('CREDENTIAL');
