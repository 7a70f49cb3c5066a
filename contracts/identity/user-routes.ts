import * as z from 'zod';
import { defineRoutes, route } from '../route.ts';
import { idParams } from '../shared/fields.ts';
import { systemRoles } from '../shared/permissions.ts';
import { email, personName, profileImage, user } from './user.ts';

const tag = 'Users';

export const userRoutes = defineRoutes('users-api', {
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
      '`role` and `is_active` take the permission user:update; they hold from the next request on. A changed e-mail address is unverified again.',
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
      'Refused while it owns workspaces (`data.blocking`). Its memberships, sessions and address go; audit rows stay.',
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
