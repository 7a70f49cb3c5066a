import * as z from 'zod';
import { id, line, timestamp } from '../shared/fields.ts';
import { permissions, systemRoles } from '../shared/permissions.ts';

export const providers = ['LOCAL', 'GOOGLE', 'GITHUB', 'AZURE'] as const;

/** A person as everyone who may see it does. */
export const user = z
  .strictObject({
    id,
    username: z.string().meta({ example: 'Kim Minji' }),
    name: z.string().meta({ example: 'Kim Minji' }),
    email: z.email().meta({ example: 'minji@example.com' }),
    email_verified: z.boolean(),
    role: z.enum(systemRoles),
    is_active: z.boolean(),
    /** Where the account was made. */
    provider: z.enum(providers),
    profile_image: z.string().nullable(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'User' });
export type User = z.output<typeof user>;

export const me = user.extend({ permissions: z.array(z.enum(permissions)) }).meta({ id: 'Me' });

export const session = z
  .strictObject({
    /** For `Authorization: Bearer`. */
    token: z.string(),
    expires_at: timestamp,
    /** Good once: POST /auth/refresh answers the next one. */
    refresh_token: z.string(),
    user,
  })
  .meta({ id: 'Session' });

/** Letters of any script, and spaces. It names nobody: many people may have one name. */
export const personName = line(2, 50);

/** 254 is what a mail server takes (RFC 5321). Addresses are ASCII, so that folding their case is plain. */
export const email = z.email().max(254).meta({ example: 'minji@example.com' });

/** Cognito takes no password with a space at an end, and takes ASCII digits for digits. */
export const newPassword = z
  .string()
  .min(8)
  .max(100)
  .regex(/\p{L}/u, { error: 'must hold a letter' })
  .regex(/[0-9]/, { error: 'must hold a digit' })
  .regex(/^\S.*\S$/su, { error: 'must not begin or end with a space' })
  .meta({ example: 'correct horse 1' });

/** In ASCII, as it travels: no character of it is more than a byte. */
export const profileImage = z
  .url({ protocol: /^https$/ })
  // For the OpenAPI document, which knows of no protocols.
  .meta({ pattern: '^https://', maxLength: 255 })
  .transform((text) => new URL(text).href)
  .pipe(z.string().max(255))
  .nullable()
  .meta({ example: 'https://example.com/minji.png' });
