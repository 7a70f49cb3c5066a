import type { SystemRole } from '../../../contracts/shared/permissions.ts';
import type { Http } from '../../support/http-client.ts';
import { storeCredential, vmBody } from '../compute/compute-api.ts';
import type { Resident, Tenancy } from '../workspaces/tenancy.ts';

/** A workspace with what the requests name: `by` is an admin of it, `owner` its owner. */
export interface Scene {
  owner: Resident;
  by: Resident;
  joiner: Resident;
  workspaceId: string;
  credentialId: string;
}

export async function setScene(tenancy: Tenancy, role?: SystemRole): Promise<Scene> {
  const [owner, by, joiner] = [await tenancy.settle(role), await tenancy.settle(role), await tenancy.settle()];
  const workspaceId = await tenancy.found(owner);
  await tenancy.join(workspaceId, by, 'admin', owner);
  return { owner, by, joiner, workspaceId, credentialId: await storeCredential(tenancy, owner, workspaceId) };
}

const data = (variant: number) => ({
  access_key: 'AKIAIDEMPOTENCY00000',
  secret_key: `idempotencyIdempotency${variant}`,
  region: 'eu-west-1',
});

interface Post {
  path(scene: Scene): string;
  /** Another variant is another request, as good as the first. */
  body(scene: Scene, variant: number): object;
  /** Refused to who is no member any more; else to a system viewer, or to the disabled where a viewer may. */
  inWorkspace: boolean;
  /** The system role of who sends it; a user unless given. */
  role?: SystemRole;
  /** A viewer's own account. */
  ofAccount?: true;
}

/** Every POST that takes a key. A route that is not here fails the test. */
export const posts: Readonly<Record<string, Post>> = {
  'workspaces.create': {
    path: () => '/workspaces',
    body: (_, variant) => ({ name: `idempotent ${variant}` }),
    inWorkspace: false,
  },
  'apikeys.create': {
    path: () => '/auth/api-keys',
    body: (_, variant) => ({ name: `idempotent ${variant}` }),
    inWorkspace: false,
    ofAccount: true,
  },
  'users.create': {
    path: () => '/users',
    body: ({ joiner }, variant) => ({ email: `${joiner.id}-${variant}@example.com` }),
    inWorkspace: false,
    role: 'admin',
  },
  'members.add': {
    path: ({ workspaceId }) => `/workspaces/${workspaceId}/members`,
    body: ({ joiner }, variant) => ({ user_id: joiner.id, role: variant === 1 ? 'viewer' : 'member' }),
    inWorkspace: true,
  },
  'credentials.create': {
    path: () => '/credentials',
    body: ({ workspaceId }, variant) => ({ workspace_id: workspaceId, provider: 'aws', data: data(variant) }),
    inWorkspace: true,
  },
  'vms.create': {
    path: () => '/vms',
    body: ({ workspaceId, credentialId }, variant) => ({
      ...vmBody,
      workspace_id: workspaceId,
      credential_id: credentialId,
      name: `idempotent ${variant}`,
    }),
    inWorkspace: true,
  },
  'cost_estimates.create': {
    path: () => '/providers/aws/cost-estimates',
    body: (_, variant) => ({ instance_type: 't3.micro', region: 'eu-central-1', duration_hours: 720 * variant }),
    inWorkspace: false,
  },
};

/** Each API serves its own paths. */
export const together =
  (workspaces: Http, compute: Http, providers: Http, users: Http): Http =>
  (method, path, request) => {
    if (path.startsWith('/providers')) return providers(method, path, request);
    if (/^\/(users|auth)/.test(path)) return users(method, path, request);
    return (path.startsWith('/vms') ? compute : workspaces)(method, path, request);
  };
