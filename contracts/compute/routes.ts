import * as z from 'zod';
import { defineRoutes, route } from '../route.ts';
import { id, idParams } from '../shared/fields.ts';
import { listOf, listQuery, streamQuery } from '../shared/list.ts';
import { newVm, newVms, vm, vmChange } from './vm.ts';
import { vmEvent } from './vm-event.ts';
import { statesAllowing, type VmAction, vmStatuses } from './vm-states.ts';

const tag = 'VMs';

/** A filter that may be repeated: any of its values will do. */
const anyOf = <Schema extends z.ZodType>(schema: Schema) => z.array(schema).max(20).optional();

/** What the state table says of an action, in words. */
function allowedIn(action: VmAction): string {
  const states = statesAllowing(action).map(({ status, needs }) =>
    needs === undefined ? status : `${status} (with ${needs})`,
  );
  return `Allowed in: ${states.join(', ')}. In any other state CONFLICT, with what is allowed there in \`data.allowed\`.`;
}

const filters = {
  workspace_id: id.optional(),
  provider: anyOf(z.string().max(32).toLowerCase()),
  status: anyOf(z.enum(vmStatuses)),
  region: anyOf(z.string().max(64)),
  q: z.string().trim().max(100).optional().meta({ description: 'Part of the name, the instance id or an address' }),
  tag: anyOf(z.string().max(400)).meta({ description: 'A key, or `key=value`; repeated, each must fit' }),
};

export const computeRoutes = defineRoutes('compute-api', {
  'vms.create': route({
    method: 'POST',
    path: '/api/v1/vms',
    summary: 'Create a VM',
    description:
      'Answers at once with the VM, `pending`; it is `running` or in `error` within 15 minutes. With a `count` of several, all or none are made, and answered as `vms`.',
    who: { kind: 'workspace', role: 'member', at: 'body' },
    body: newVm,
    answer: { status: 201, data: newVms, message: 'vm.creating' },
    counted: 'caller',
    audit: { resource: 'vm', action: 'create' },
    idempotent: true,
    versioned: true,
    errors: ['CONFLICT'],
    tag,
  }),
  'vms.list': route({
    method: 'GET',
    path: '/api/v1/vms',
    summary: 'List the VMs of your workspaces',
    description: 'Deleted ones, for 24 hours and at most the newest 1,000 of a workspace, with `status=deleted` alone.',
    who: { kind: 'workspace', role: 'viewer', at: 'query' },
    query: listQuery({ sort: ['created_at', 'name', 'status'] }, filters),
    answer: { status: 200, data: listOf('vms', vm) },
    counted: 'caller',
    audit: { resource: 'vm', action: 'list' },
    tag,
  }),
  'vms.get': route({
    method: 'GET',
    path: '/api/v1/vms/{id}',
    summary: 'Get a VM',
    who: { kind: 'workspace', role: 'viewer', at: 'thing' },
    params: idParams,
    answer: { status: 200, data: vm },
    counted: 'caller',
    audit: { resource: 'vm', action: 'read' },
    versioned: true,
    tag,
  }),
  'vms.update': route({
    method: 'PUT',
    path: '/api/v1/vms/{id}',
    summary: "Change a VM's name, tags, expiry or instance type",
    description: `Another \`instance_type\` holds from the next start. ${allowedIn('resize')}`,
    who: { kind: 'workspace', role: 'member', at: 'thing' },
    params: idParams,
    body: vmChange,
    answer: { status: 200, data: vm },
    counted: 'caller',
    audit: { resource: 'vm', action: 'update' },
    versioned: true,
    errors: ['CONFLICT'],
    tag,
  }),
  'vms.events': route({
    method: 'GET',
    path: '/api/v1/vms/{id}/events',
    summary: 'List what a VM went through',
    description:
      'Each step of its workflows, and each time that its machine was found in another state than it (`observe`), for 90 days.',
    who: { kind: 'workspace', role: 'viewer', at: 'thing' },
    params: idParams,
    query: streamQuery({ sort: ['at'], defaultSort: 'at:desc' }, {}),
    answer: { status: 200, data: listOf('events', vmEvent) },
    counted: 'caller',
    audit: { resource: 'vm_event', action: 'list' },
    tag,
  }),
  'vms.delete': route({
    method: 'DELETE',
    path: '/api/v1/vms/{id}',
    summary: 'Delete a VM and its machine',
    description: allowedIn('delete'),
    who: { kind: 'workspace', role: 'member', at: 'thing' },
    params: idParams,
    answer: { status: 202, message: 'vm.deleting' },
    counted: 'caller',
    audit: { resource: 'vm', action: 'delete' },
    versioned: true,
    errors: ['CONFLICT'],
    tag,
  }),
  'vms.start': route({
    method: 'POST',
    path: '/api/v1/vms/{id}/start',
    summary: 'Start a VM',
    description: allowedIn('start'),
    who: { kind: 'workspace', role: 'member', at: 'thing' },
    params: idParams,
    answer: { status: 202, message: 'vm.starting' },
    counted: 'caller',
    audit: { resource: 'vm', action: 'start' },
    versioned: true,
    errors: ['CONFLICT'],
    tag,
  }),
  'vms.restart': route({
    method: 'POST',
    path: '/api/v1/vms/{id}/restart',
    summary: 'Restart a VM',
    description: allowedIn('restart'),
    who: { kind: 'workspace', role: 'member', at: 'thing' },
    params: idParams,
    answer: { status: 202, message: 'vm.restarting' },
    counted: 'caller',
    audit: { resource: 'vm', action: 'restart' },
    versioned: true,
    errors: ['CONFLICT'],
    tag,
  }),
  'vms.stop': route({
    method: 'POST',
    path: '/api/v1/vms/{id}/stop',
    summary: 'Stop a VM',
    description: allowedIn('stop'),
    who: { kind: 'workspace', role: 'member', at: 'thing' },
    params: idParams,
    answer: { status: 202, message: 'vm.stopping' },
    counted: 'caller',
    audit: { resource: 'vm', action: 'stop' },
    versioned: true,
    errors: ['CONFLICT'],
    tag,
  }),
});
