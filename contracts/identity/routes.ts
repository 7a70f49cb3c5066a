import * as z from 'zod';
import { defineRoutes, route } from '../route.ts';
import { email, me, newPassword, personName, session } from './user.ts';

const tag = 'Authentication';

/** A password to be tried, not chosen: whatever Cognito could hold. */
const password = z.string().min(1).max(256);

const registration = z
  .strictObject({ username: personName.optional(), name: personName.optional(), email, password: newPassword })
  .refine(({ username, name }) => username !== undefined || name !== undefined, {
    error: 'is required, or a name',
    path: ['username'],
  })
  // The same for who reads the OpenAPI document.
  .meta({ anyOf: [{ required: ['username'] }, { required: ['name'] }] });

export const identityRoutes = defineRoutes('identity-api', {
  'auth.register': route({
    method: 'POST',
    path: '/api/v1/auth/register',
    summary: 'Register, and begin a session',
    description:
      'Of `username` and `name` one may be missing; it takes the other. The first user ever becomes the admin.',
    who: { kind: 'anyone' },
    body: registration,
    answer: { status: 201, data: session, message: 'auth.registered' },
    counted: 'sign_in',
    audit: { resource: 'user', action: 'register' },
    errors: ['CONFLICT'],
    tag,
  }),
  'auth.login': route({
    method: 'POST',
    path: '/api/v1/auth/login',
    summary: 'Begin a session',
    description:
      'Also takes the OAuth2 password form, whose answer has `access_token`, `token_type` and `expires_in` at its root as well. ' +
      '10 wrong passwords for an account from one address, or 100 from an address, within 15 minutes are RATE_LIMITED.',
    who: { kind: 'anyone' },
    body: z.union([z.strictObject({ email, password }), z.object({ username: email, password })]),
    form: true,
    answer: { status: 200, data: session, message: 'auth.signed_in' },
    counted: 'sign_in',
    audit: { resource: 'session', action: 'login' },
    errors: ['UNAUTHORIZED'],
    tag,
  }),
  'auth.refresh': route({
    method: 'POST',
    path: '/api/v1/auth/refresh',
    summary: 'Trade a refresh token for a new session',
    description:
      'The token is spent. Sent again within 30 seconds it is answered a working pair once more; sent later it ends the session, for then two hold it.',
    who: { kind: 'anyone' },
    body: z.strictObject({ refresh_token: z.string().min(1).max(8_192) }),
    answer: { status: 200, data: session },
    counted: 'sign_in',
    audit: { resource: 'session', action: 'refresh' },
    errors: ['UNAUTHORIZED'],
    tag,
  }),
  'auth.logout': route({
    method: 'POST',
    path: '/api/v1/auth/logout',
    summary: 'End this session, or all of yours',
    description:
      'The tokens of the session stop working at once. With its `refresh_token`, that one is revoked at Cognito, too.',
    who: { kind: 'caller', account: true },
    sessionOnly: true,
    body: z.strictObject({
      everywhere: z.boolean().optional(),
      refresh_token: z.string().min(1).max(8_192).optional(),
    }),
    bodyOptional: true,
    answer: { status: 200, message: 'auth.signed_out' },
    counted: 'caller',
    audit: { resource: 'session', action: 'logout' },
    tag,
  }),
  'auth.me': route({
    method: 'GET',
    path: '/api/v1/auth/me',
    summary: 'Who you are, and what you may do',
    who: { kind: 'caller', account: true },
    answer: { status: 200, data: me },
    counted: 'caller',
    audit: { resource: 'user', action: 'read' },
    tag,
  }),
});
