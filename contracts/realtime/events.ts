import * as z from 'zod';
import { auditLog } from '../audit/audit-log.ts';
import { vmStatuses } from '../compute/vm-states.ts';
import { notification } from '../notifications/notification.ts';
import { id, timestamp } from '../shared/fields.ts';

const vmStatusChanged = z
  .strictObject({
    vm_id: id,
    workspace_id: id,
    status: z.enum(vmStatuses).meta({ example: 'running' }),
    /** `null` for a VM that has just been made. */
    previous: z.enum(vmStatuses).nullable().meta({ example: 'pending' }),
    timestamp,
  })
  .meta({ id: 'VmStatusChanged' });

/** What is pushed over the socket, by type; a type that is not here is neither published nor sent. */
export const eventData = {
  /** Where a VM stands, to the members of its workspace. */
  vm_status_changed: vmStatusChanged,
  /**
   * The row of a write or of a refusal, to admins. Reads tell nothing: a page that shows the rows would feed itself.
   */
  audit_log_created: auditLog,
  /** A new notification, to its user, worded in the language of its preferences. */
  notification_received: notification,
} as const;

export type EventType = keyof typeof eventData;
export type EventData<Type extends EventType> = z.input<(typeof eventData)[Type]>;

export const eventTypes = Object.keys(eventData) as EventType[];
