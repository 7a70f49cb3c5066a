/** From the most to the least. */
export const systemRoles = ['admin', 'user', 'viewer'] as const;
export type SystemRole = (typeof systemRoles)[number];

/** Of two roles the one that may do less: what a key of this role may, whose user has that one. */
export const lesserRole = (one: SystemRole, other: SystemRole): SystemRole =>
  systemRoles.indexOf(one) > systemRoles.indexOf(other) ? one : other;

export const permissions = [
  'user:create',
  'user:read',
  'user:update',
  'user:delete',
  'system:read',
  'system:manage',
  'audit:read',
  'workspace:manage',
] as const;
export type Permission = (typeof permissions)[number];

/** An admin holds every permission; the others act on their own account and on what their workspaces allow. */
export const permissionsOf = (role: SystemRole): readonly Permission[] => (role === 'admin' ? permissions : []);

/** From the least to the most; each role may do all that the ones before it may. */
export const workspaceRoles = ['viewer', 'member', 'admin', 'owner'] as const;
export type WorkspaceRole = (typeof workspaceRoles)[number];

export const roleReaches = (role: WorkspaceRole, required: WorkspaceRole) =>
  workspaceRoles.indexOf(role) >= workspaceRoles.indexOf(required);
