import type { OpenCredential } from '../steps/connect-vm.ts';

/** Opens each credential once, for all of its regions. Made anew for each workspace that is looked at, so no secret in clear outlives that. */
export function openOnce(open: OpenCredential): OpenCredential {
  const opened = new Map<string, Promise<unknown>>();
  return (workspaceId, credentialId) => {
    const secret = opened.get(credentialId) ?? open(workspaceId, credentialId);
    opened.set(credentialId, secret);
    return secret;
  };
}
