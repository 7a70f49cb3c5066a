import { defineRoutes, route } from '../route.ts';
import { idParams } from '../shared/fields.ts';
import { schedule, scheduleChange } from './schedule.ts';

const tag = 'VMs';
const path = '/api/v1/workspaces/{id}/schedule';

/** By a function of its own: what reads cron would take compute-api over its size. */
export const scheduleRoutes = defineRoutes('schedules-api', {
  'schedules.get': route({
    method: 'GET',
    path,
    summary: 'Get when the VMs of a workspace start and stop',
    who: { kind: 'workspace', role: 'viewer', at: 'params.id' },
    params: idParams,
    answer: { status: 200, data: schedule },
    counted: 'caller',
    audit: { resource: 'schedule', action: 'read' },
    versioned: true,
    tag,
  }),
  'schedules.update': route({
    method: 'PUT',
    path,
    summary: 'Set when the VMs of a workspace start and stop',
    description:
      'A run starts every stopped VM, or stops every running one. A time that the clocks skip is made up for as they go on; one that they repeat counts once.',
    who: { kind: 'workspace', role: 'admin', at: 'params.id' },
    params: idParams,
    body: scheduleChange,
    answer: { status: 200, data: schedule, message: 'schedule.updated' },
    counted: 'caller',
    audit: { resource: 'schedule', action: 'update' },
    versioned: true,
    errors: ['CONFLICT'],
    tag,
  }),
});
