import * as z from 'zod';
import { id, timestamp } from '../shared/fields.ts';
import { notificationPriorities, notificationTypes } from './kinds.ts';

/** As its user sees it: worded in the language that was asked for. */
export const notification = z
  .strictObject({
    id,
    title: z.string().meta({ example: 'VM web-1 is running' }),
    message: z.string().meta({ example: 'The VM web-1 is up and running' }),
    type: z.enum(notificationTypes),
    priority: z.enum(notificationPriorities),
    is_read: z.boolean(),
    /** A path of the dashboard. */
    link: z.string().nullable().meta({ example: '/vms/01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a' }),
    created_at: timestamp,
  })
  .meta({ id: 'Notification' });
export type Notification = z.output<typeof notification>;
