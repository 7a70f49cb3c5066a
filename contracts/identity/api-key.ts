import * as z from 'zod';
import { id, line, timestamp } from '../shared/fields.ts';
import { systemRoles } from '../shared/permissions.ts';

export const maxApiKeysPerUser = 20;

/** Of the text the prefix alone is ever shown again. */
export const apiKey = z
  .strictObject({
    id,
    name: z.string().meta({ example: 'deployments' }),
    prefix: z.string().meta({ example: 'sk_AZrPpEvOfRCc' }),
    /** What it may do now: no more than its user may. */
    role: z.enum(systemRoles),
    expires_at: timestamp.nullable(),
    created_at: timestamp,
    last_used_at: timestamp.nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.output<typeof apiKey>;

export const newApiKey = z.strictObject({
  name: line(1, 100),
  /** Its user's own unless given. */
  role: z.enum(systemRoles).optional(),
  expires_at: timestamp.optional().meta({ example: '2099-01-31T09:30:00.000Z' }),
});

export const madeApiKey = apiKey
  .extend({
    /** For `X-API-Key`. It is kept by nobody: a repeat of the idempotency key answers null. */
    key: z.string().nullable().meta({ example: 'sk_…' }),
    already_shown: z.literal(true).optional(),
  })
  .meta({ id: 'MadeApiKey' });
