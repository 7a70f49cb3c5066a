import * as z from 'zod';
import { id, timestamp } from '../shared/fields.ts';

/** Where a VM stands, told to the members of its workspace. */
const vmStatusChanged = z
  .strictObject({
    vm_id: id,
    workspace_id: id,
    status: z.string().meta({ example: 'running' }),
    /** `null` for a VM that has just been made. */
    previous: z.string().nullable().meta({ example: 'pending' }),
    timestamp,
  })
  .meta({ id: 'VmStatusChanged' });

/** The audit row of a write or of a refusal, told to admins. Reads tell nothing: a page that shows them would feed itself. */
const auditLogCreated = z
  .strictObject({
    id,
    user_id: id,
    action: z.string(),
    resource: z.string(),
    resource_id: z.string().nullable(),
    workspace_id: id.nullable(),
    success: z.boolean(),
    status: z.int(),
    ip_address: z.string(),
    user_agent: z.string(),
    request_id: z.string(),
    created_at: timestamp,
  })
  .meta({ id: 'AuditLogCreated' });

/** What is pushed over the socket, by type; a type that is not here is neither published nor sent. */
export const eventData = {
  vm_status_changed: vmStatusChanged,
  audit_log_created: auditLogCreated,
} as const;

export type EventType = keyof typeof eventData;
export type EventData<Type extends EventType> = z.input<(typeof eventData)[Type]>;

export const eventTypes = Object.keys(eventData) as EventType[];
