import * as z from 'zod';
import { defineRoutes, route } from '../route.ts';
import { booleanParam, id, idParams, line, text, timestamp } from '../shared/fields.ts';
import { listOf, listQuery } from '../shared/list.ts';
import { workspaceRoles } from '../shared/permissions.ts';
import { defaultQuotas } from './limits.ts';

const tag = 'Workspaces';

/** How the deletion of a workspace stands that is not gone yet. */
const deletion = z
  .strictObject({
    state: z.enum(['in_progress', 'failed']).meta({
      description:
        '`failed`: it stopped, and the same DELETE begins it anew. An hour and ten minutes after it was asked for it is one or the other',
    }),
    reason: z.string().nullable().meta({
      description:
        'Why it failed: a sentence about what could not be deleted, `TIMED_OUT`, `INTERRUPTED` or `INTERNAL_ERROR`',
    }),
    requested_at: timestamp,
  })
  .meta({ id: 'WorkspaceDeletion' });

export const workspace = z
  .strictObject({
    id,
    name: z.string().meta({ example: 'Team A' }),
    description: z.string(),
    owner_id: id,
    is_active: z.boolean(),
    deletion: deletion
      .optional()
      .meta({ description: 'Only of a workspace that is being deleted: it is closed and can not be enabled again' }),
    version: z.int(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Workspace' });
export type Workspace = z.output<typeof workspace>;

export const member = z
  .strictObject({
    user_id: id,
    email: z.email(),
    name: z.string(),
    role: z.enum(workspaceRoles),
    joined_at: timestamp,
    version: z.int().meta({ description: 'Of the role: what If-Match takes' }),
  })
  .meta({ id: 'Member' });
export type Member = z.output<typeof member>;

export const quotas = z
  .strictObject({ max_vms: z.int(), max_vcpus: z.int(), max_credentials: z.int() })
  .meta({ id: 'Quotas', example: defaultQuotas });
export type Quotas = z.output<typeof quotas>;

const name = line(3, 100);
const description = text(500);
const memberParams = z.strictObject({ id, userID: id });
const quota = (max: number) => z.int().min(0).max(max);

export const workspaceRoutes = defineRoutes('workspaces-api', {
  'workspaces.create': route({
    method: 'POST',
    path: '/api/v1/workspaces',
    summary: 'Create a workspace',
    who: { kind: 'caller' },
    body: z.strictObject({ name, description: description.optional() }),
    answer: { status: 201, data: workspace },
    counted: 'caller',
    audit: { resource: 'workspace', action: 'create' },
    idempotent: true,
    versioned: true,
    errors: ['CONFLICT'],
    tag,
  }),
  'workspaces.list': route({
    method: 'GET',
    path: '/api/v1/workspaces',
    summary: 'List the workspaces that you are a member of',
    description:
      'With `owner_id`, those that are this user’s own: of another than yourself it takes the permission `workspace:manage`, and then they are listed whether or ' +
      'not you are a member.',
    who: { kind: 'caller' },
    query: listQuery(
      { sort: ['name', 'created_at', 'updated_at'], defaultLimit: 10 },
      { is_active: booleanParam.optional(), owner_id: id.optional() },
    ),
    answer: { status: 200, data: listOf('workspaces', workspace) },
    counted: 'caller',
    audit: { resource: 'workspace', action: 'list' },
    errors: ['FORBIDDEN'],
    tag,
  }),
  'workspaces.get': route({
    method: 'GET',
    path: '/api/v1/workspaces/{id}',
    summary: 'Get a workspace',
    who: { kind: 'workspace', role: 'viewer', at: 'params.id', orPermission: 'workspace:manage' },
    params: idParams,
    answer: { status: 200, data: workspace },
    counted: 'caller',
    audit: { resource: 'workspace', action: 'read' },
    versioned: true,
    tag,
  }),
  'workspaces.update': route({
    method: 'PUT',
    path: '/api/v1/workspaces/{id}',
    summary: 'Rename, describe, disable or enable a workspace',
    who: { kind: 'workspace', role: 'admin', at: 'params.id', orPermission: 'workspace:manage' },
    params: idParams,
    body: z.strictObject({
      name: name.optional(),
      description: description.optional(),
      is_active: z.boolean().optional(),
    }),
    answer: { status: 200, data: workspace },
    counted: 'caller',
    audit: { resource: 'workspace', action: 'update' },
    versioned: true,
    errors: ['CONFLICT'],
    tag,
  }),
  'workspaces.delete': route({
    method: 'DELETE',
    path: '/api/v1/workspaces/{id}',
    summary: 'Delete a workspace',
    description:
      'With its members and credentials; those that are too many to go at once go after the answer (202). One that holds VMs is CONFLICT with `data.blocking`, unless ' +
      '`force=true`: then they go after the answer, too. Such a workspace is closed at once; its owners are notified how it ended, and `deletion` says how it stands. When that ' +
      'fails it stays closed, and the same DELETE tries again; so it does 70 minutes after it was last asked for, however that went. Until then it is answered the same and ' +
      'begins nothing.',
    who: { kind: 'workspace', role: 'owner', at: 'params.id', orPermission: 'workspace:manage' },
    params: idParams,
    query: z.strictObject({ force: booleanParam.optional() }),
    answer: { status: 200, message: 'workspace.deleted', later: 'workspace.deletion_started' },
    counted: 'caller',
    audit: { resource: 'workspace', action: 'delete' },
    versioned: true,
    errors: ['CONFLICT'],
    tag,
  }),
  'members.list': route({
    method: 'GET',
    path: '/api/v1/workspaces/{id}/members',
    summary: 'List the members of a workspace',
    who: { kind: 'workspace', role: 'viewer', at: 'params.id', orPermission: 'workspace:manage' },
    params: idParams,
    query: listQuery({ sort: ['joined_at', 'name', 'email'], defaultSort: 'joined_at:asc' }, {}),
    answer: { status: 200, data: listOf('members', member) },
    counted: 'caller',
    audit: { resource: 'member', action: 'list' },
    tag,
  }),
  'members.add': route({
    method: 'POST',
    path: '/api/v1/workspaces/{id}/members',
    summary: 'Add a member, by user id or e-mail address',
    who: { kind: 'workspace', role: 'admin', at: 'params.id', orPermission: 'workspace:manage' },
    params: idParams,
    body: z.union([
      z.strictObject({ user_id: id, role: z.enum(workspaceRoles) }),
      z.strictObject({ email: z.email().max(254), role: z.enum(workspaceRoles) }),
    ]),
    answer: { status: 200, message: 'member.added' },
    counted: 'caller',
    audit: { resource: 'member', action: 'create' },
    idempotent: true,
    errors: ['CONFLICT'],
    tag,
  }),
  'members.update': route({
    method: 'PUT',
    path: '/api/v1/workspaces/{id}/members/{userID}',
    summary: "Change a member's role",
    who: { kind: 'workspace', role: 'admin', at: 'params.id', orPermission: 'workspace:manage' },
    params: memberParams,
    body: z.strictObject({ role: z.enum(workspaceRoles) }),
    answer: { status: 200, message: 'member.updated' },
    counted: 'caller',
    audit: { resource: 'member', action: 'update' },
    versioned: true,
    errors: ['CONFLICT'],
    tag,
  }),
  'members.remove': route({
    method: 'DELETE',
    path: '/api/v1/workspaces/{id}/members/{userID}',
    summary: 'Remove a member, or leave',
    description: 'A member may leave by removing itself; removing others takes the workspace role admin.',
    who: { kind: 'workspace', role: 'viewer', at: 'params.id', orPermission: 'workspace:manage' },
    params: memberParams,
    answer: { status: 200, message: 'member.removed' },
    counted: 'caller',
    audit: { resource: 'member', action: 'delete' },
    errors: ['CONFLICT'],
    tag,
  }),
  'quotas.get': route({
    method: 'GET',
    path: '/api/v1/workspaces/{id}/quotas',
    summary: 'Get the quotas of a workspace',
    who: { kind: 'workspace', role: 'viewer', at: 'params.id', orPermission: 'workspace:manage' },
    params: idParams,
    answer: { status: 200, data: quotas },
    counted: 'caller',
    audit: { resource: 'quota', action: 'read' },
    versioned: true,
    tag,
  }),
  'quotas.update': route({
    method: 'PUT',
    path: '/api/v1/workspaces/{id}/quotas',
    summary: 'Set the quotas of a workspace',
    who: { kind: 'permission', permission: 'workspace:manage' },
    params: idParams,
    body: z.strictObject({
      max_vms: quota(1_000).optional(),
      max_vcpus: quota(10_000).optional(),
      max_credentials: quota(1_000).optional(),
    }),
    answer: { status: 200, data: quotas },
    counted: 'caller',
    audit: { resource: 'quota', action: 'update' },
    versioned: true,
    errors: ['CONFLICT'],
    tag,
  }),
});
