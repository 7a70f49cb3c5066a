import { createHash } from 'node:crypto';
import { key, keyPrefix } from '../../platform/table/key.ts';
import type { Key } from '../../platform/table/types.ts';
import { foldName } from '../domain/workspace.ts';

/** All that is a workspace's own lies in this partition. */
export const workspacePartition = (workspaceId: string): string => key('WS', workspaceId);

export const workspaceKey = (workspaceId: string): Key => ({ pk: workspacePartition(workspaceId), sk: 'WS' });

export const quotaKey = (workspaceId: string): Key => ({ pk: workspacePartition(workspaceId), sk: 'QUOTA' });

export const memberKey = (workspaceId: string, userId: string): Key => ({
  pk: workspacePartition(workspaceId),
  sk: key('MEMBER', userId),
});

export const memberPrefix = keyPrefix('MEMBER');

/** All names of an owner's own workspaces. */
export const namesOf = (ownerId: string): { pk: string; prefix: string } => ({
  pk: key('USER', ownerId),
  prefix: keyPrefix('WSNAME'),
});

/** One item a name and owner. The folded name is hashed, since folding can make it longer than a sort key may be. */
export const nameKey = (ownerId: string, name: string): Key => ({
  pk: key('USER', ownerId),
  sk: key('WSNAME', createHash('sha256').update(foldName(name)).digest('base64url')),
});
