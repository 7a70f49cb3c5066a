import { useCredential } from '../../credentials/index.ts';
import { quotaMove } from '../../workspaces/index.ts';
import type { Holdings } from '../ports.ts';

/** What a VM takes of its workspace's quota and of its credential. */
export const holdings: Holdings = {
  countVms: quotaMove,
  countUse: (workspaceId, credentialId, uses, provider) => useCredential({ workspaceId, credentialId, provider }, uses),
};
