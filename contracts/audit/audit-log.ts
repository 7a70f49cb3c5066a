import * as z from 'zod';
import { id, timestamp } from '../shared/fields.ts';

/** Apart from the routes: events hold it too, and most functions know the events. */
export const auditLog = z
  .strictObject({
    id,
    user_id: id,
    action: z.string().meta({ example: 'create' }),
    resource: z.string().meta({ example: 'vm' }),
    resource_id: z.string().nullable().meta({ example: '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a' }),
    workspace_id: id.nullable(),
    success: z.boolean(),
    status: z.int().meta({ example: 201 }),
    ip_address: z.string().meta({ example: '203.0.113.7' }),
    user_agent: z.string().meta({ example: 'curl/8.14.1' }),
    request_id: z.string().meta({ example: 'req_01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a' }),
    created_at: timestamp,
  })
  .meta({ id: 'AuditLog' });
export type AuditLog = z.output<typeof auditLog>;
