import * as z from 'zod';
import { defineRoutes, route } from '../route.ts';
import { email, newPassword, user } from './user.ts';

const tag = 'Authentication';

/** However it is typed: dashes, spaces and case say nothing. */
const code = z.string().min(1).max(64).meta({ example: '9K3D-7QWX-A2MT' });

/** A user's own address and password, and the codes that are mailed for both. */
export const accountRoutes = defineRoutes('identity-api', {
  'auth.check_email': route({
    method: 'GET',
    path: '/api/v1/auth/check-email',
    summary: 'Whether an e-mail address is free',
    who: { kind: 'anyone' },
    query: z.strictObject({ email }),
    answer: { status: 200, data: z.strictObject({ available: z.boolean() }) },
    counted: 'sign_in',
    audit: { resource: 'user', action: 'check_email' },
    tag,
  }),
  'auth.verify_email': route({
    method: 'POST',
    path: '/api/v1/auth/verify-email',
    summary: 'Verify your e-mail address by the code that it was mailed',
    description:
      'A wrong code, or one that has ended, is VALIDATION_ERROR; a code bears 25 wrong ones. A code of another address, which yours has been before, verifies nothing.',
    who: { kind: 'caller', account: true },
    body: z.strictObject({ code }),
    answer: { status: 200, data: user, message: 'auth.email_verified' },
    counted: 'caller',
    audit: { resource: 'user', action: 'verify_email' },
    tag,
  }),
  'auth.resend_code': route({
    method: 'POST',
    path: '/api/v1/auth/verify-email/resend',
    summary: 'Be mailed another code for your e-mail address',
    description: 'The code before it counts no more. Five an hour; CONFLICT where the address is verified.',
    who: { kind: 'caller', account: true },
    answer: { status: 200, message: 'auth.code_sent' },
    counted: 'caller',
    audit: { resource: 'user', action: 'resend_code' },
    errors: ['CONFLICT'],
    tag,
  }),
  'auth.forgot_password': route({
    method: 'POST',
    path: '/api/v1/auth/password/forgot',
    summary: 'Be mailed a code that sets a new password',
    description: 'The answer is the same whether or not an account has the address. Three mails an account and hour.',
    who: { kind: 'anyone' },
    body: z.strictObject({ email }),
    answer: { status: 200, message: 'auth.code_sent_if_known' },
    counted: 'sign_in',
    audit: { resource: 'password', action: 'forgot' },
    tag,
  }),
  'auth.reset_password': route({
    method: 'POST',
    path: '/api/v1/auth/password/reset',
    summary: 'Set a new password by a code, and end all sessions',
    description:
      'Takes the code of a forgotten password, and of an invitation; either proves the address, too. Where it had never been verified, API keys end with the sessions. An unknown address and a wrong code are one VALIDATION_ERROR. ' +
      '10 wrong codes for an account from one address within 15 minutes are RATE_LIMITED, and a code bears 25.',
    who: { kind: 'anyone' },
    body: z.strictObject({ email, code, new_password: newPassword }),
    answer: { status: 200, message: 'auth.password_changed' },
    counted: 'sign_in',
    audit: { resource: 'password', action: 'reset' },
    errors: ['UNAUTHORIZED', 'CONFLICT'],
    tag,
  }),
  'auth.change_password': route({
    method: 'PUT',
    path: '/api/v1/auth/password',
    summary: 'Change your password, and end your other sessions',
    description:
      'A wrong current password is VALIDATION_ERROR, not UNAUTHORIZED: your token is good. It counts as a failed login.',
    who: { kind: 'caller', account: true },
    sessionOnly: true,
    body: z.strictObject({ current_password: z.string().min(1).max(256), new_password: newPassword }),
    answer: { status: 200, message: 'auth.password_changed' },
    counted: 'caller',
    audit: { resource: 'password', action: 'change' },
    errors: ['CONFLICT'],
    tag,
  }),
});
