import { defineRoutes, route } from '../route.ts';
import { idParams } from '../shared/fields.ts';
import { listOf, listQuery } from '../shared/list.ts';
import { apiKey, madeApiKey, newApiKey } from './api-key.ts';

const tag = 'API keys';

export const apiKeyRoutes = defineRoutes('users-api', {
  'apikeys.create': route({
    method: 'POST',
    path: '/api/v1/auth/api-keys',
    summary: 'Make an API key, for a service that calls in your name',
    description:
      '`key` is shown this once. It may do what you may, and no more than `role`; what you lose, it loses. At most 20 a user, expired ones too.',
    who: { kind: 'caller', account: true },
    sessionOnly: true,
    body: newApiKey,
    answer: { status: 201, data: madeApiKey },
    counted: 'caller',
    audit: { resource: 'api_key', action: 'create' },
    idempotent: true,
    shownOnce: ['key'],
    errors: ['CONFLICT'],
    tag,
  }),
  'apikeys.list': route({
    method: 'GET',
    path: '/api/v1/auth/api-keys',
    summary: 'List your API keys',
    who: { kind: 'caller', account: true },
    sessionOnly: true,
    query: listQuery({ sort: ['created_at', 'name'] }, {}),
    answer: { status: 200, data: listOf('api_keys', apiKey) },
    counted: 'caller',
    audit: { resource: 'api_key', action: 'list' },
    tag,
  }),
  'apikeys.delete': route({
    method: 'DELETE',
    path: '/api/v1/auth/api-keys/{id}',
    summary: 'Revoke an API key',
    description: 'It is refused from the next request on.',
    who: { kind: 'caller', account: true },
    sessionOnly: true,
    params: idParams,
    answer: { status: 200, message: 'apikey.revoked' },
    counted: 'caller',
    audit: { resource: 'api_key', action: 'delete' },
    tag,
  }),
});
