import * as z from 'zod';
import { defineRoutes, route } from '../route.ts';
import { booleanParam, idParams, line } from '../shared/fields.ts';
import { listOf, streamQuery } from '../shared/list.ts';
import { systemRoles } from '../shared/permissions.ts';
import { email, newPassword, personName, profileImage, user } from './user.ts';

const tag = 'Users';

export const userRoutes = defineRoutes('users-api', {
  'users.list': route({
    method: 'GET',
    path: '/api/v1/users',
    summary: 'List users',
    description:
      '`q` finds names, user names and addresses that begin with it, in any case. A page may be short, or empty, and still have a `next_cursor`. ' +
      '`total` is exact to 1,000. With a filter it counts the matches among the first 2,500 users in this order; with `total_capped` there may be more than it says.',
    who: { kind: 'permission', permission: 'user:read' },
    query: streamQuery(
      { sort: ['created_at', 'email', 'username'] },
      {
        role: z.array(z.enum(systemRoles)).max(systemRoles.length).optional(),
        is_active: booleanParam.optional(),
        q: line(1, 254).optional(),
      },
    ),
    answer: { status: 200, data: listOf('users', user) },
    counted: 'caller',
    audit: { resource: 'user', action: 'list' },
    tag,
  }),
  'users.create': route({
    method: 'POST',
    path: '/api/v1/users',
    summary: 'Create a user',
    description:
      'Without a `password` it is invited by mail to choose one. Without a name it is called by its address. An admin is made by a signed-in session, not by an API key.',
    who: { kind: 'permission', permission: 'user:create' },
    body: z.strictObject({
      email,
      username: personName.optional(),
      name: personName.optional(),
      role: z.enum(systemRoles).optional(),
      password: newPassword.optional(),
    }),
    answer: { status: 201, data: user },
    counted: 'caller',
    audit: { resource: 'user', action: 'create' },
    idempotent: true,
    versioned: true,
    errors: ['CONFLICT'],
    tag,
  }),
  'users.get': route({
    method: 'GET',
    path: '/api/v1/users/{id}',
    summary: 'Get a user',
    who: { kind: 'permission', permission: 'user:read', orSelf: true },
    params: idParams,
    answer: { status: 200, data: user },
    counted: 'caller',
    audit: { resource: 'user', action: 'read' },
    versioned: true,
    tag,
  }),
  'users.update': route({
    method: 'PUT',
    path: '/api/v1/users/{id}',
    summary: 'Change a user',
    description:
      '`role` and `is_active` take the permission user:update; they hold from the next request on. A changed e-mail address is unverified again; for a week one that was verified is still told of changes of address and password. An address, and the role admin, are given by a signed-in session, not by an API key.',
    who: { kind: 'permission', permission: 'user:update', orSelf: true },
    params: idParams,
    body: z.strictObject({
      name: personName.optional(),
      username: personName.optional(),
      email: email.optional(),
      profile_image: profileImage.optional(),
      role: z.enum(systemRoles).optional(),
      is_active: z.boolean().optional(),
    }),
    answer: { status: 200, data: user },
    counted: 'caller',
    audit: { resource: 'user', action: 'update' },
    versioned: true,
    errors: ['FORBIDDEN', 'CONFLICT'],
    tag,
  }),
  'users.delete': route({
    method: 'DELETE',
    path: '/api/v1/users/{id}',
    summary: 'Delete a user',
    description:
      'Refused while a workspace of its own holds VMs, credentials or other members (`data.blocking`). Its memberships, empty workspaces, sessions, API keys, codes and address go; audit rows stay.',
    who: { kind: 'permission', permission: 'user:delete', orSelf: true },
    params: idParams,
    answer: { status: 200, message: 'user.deleted' },
    counted: 'caller',
    audit: { resource: 'user', action: 'delete' },
    versioned: true,
    errors: ['CONFLICT'],
    tag,
  }),
});
