import { randomUUID } from 'node:crypto';
import type { World } from './world.ts';

/** A well-formed request to a route, aimed at things of `world.workspaceId`. */
export interface Sample {
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** Aims at a thing that the caller itself is. */
  self?: boolean;
}

type MakeSample = (world: World) => Sample;

const stale = { 'if-match': '"999999"' };
const credentialData = {
  access_key: 'AKIAMATRIX0000000000',
  secret_key: 'matrixMatrixMatrixMatrixMatrixMatrix0000',
  region: 'eu-west-1',
};

const ofProvider = ({ workspaceId, credentialId }: World, region = '&region=eu-west-1'): Sample => ({
  params: { name: 'aws' },
  query: `workspace_id=${workspaceId}&credential_id=${credentialId}${region}`,
});

/**
 * One for each route: a route without one fails the test, so that a new route is in the matrix by being listed. Where a success would change what the
 * next persona meets, `If-Match` names a version that never was: whoever is allowed gets CONFLICT, and nothing changes.
 */
export const samples: Readonly<Record<string, MakeSample>> = {
  'auth.register': () => ({
    body: { username: 'matrix', email: `matrix-${randomUUID()}@example.com`, password: 'correct horse 1' },
  }),
  'auth.login': ({ late }) => ({ body: { email: late.email, password: late.password } }),
  'auth.refresh': ({ spare }) => ({ body: { refresh_token: spare.refreshToken } }),
  'auth.logout': () => ({ body: {} }),
  'auth.me': () => ({}),
  'auth.check_email': () => ({ query: 'email=matrix@example.com' }),
  // Allowed is who hears that the code, or the password, is wrong.
  'auth.verify_email': () => ({ body: { code: '0000-0000-0000' } }),
  'auth.resend_code': () => ({}),
  'auth.forgot_password': () => ({ body: { email: 'matrix@example.com' } }),
  'auth.reset_password': () => ({
    body: { email: `nobody-${randomUUID()}@example.com`, code: '0000-0000-0000', new_password: 'other horse 2' },
  }),
  'auth.change_password': () => ({ body: { current_password: 'wrong horse 1', new_password: 'other horse 2' } }),
  'users.list': () => ({}),
  // Whoever may create one is told that the address is taken.
  'users.create': ({ owner }) => ({ body: { email: owner.email } }),
  'users.get': ({ owner }) => ({ params: { id: owner.id } }),
  'users.update': ({ owner }) => ({ params: { id: owner.id }, body: { name: 'renamed' }, headers: stale }),
  'users.delete': ({ owner }) => ({ params: { id: owner.id }, headers: stale }),
  'apikeys.create': () => ({ body: { name: 'matrix' } }),
  'apikeys.list': () => ({}),
  // Whoever is let in is told that this is no id.
  'apikeys.delete': () => ({ params: { id: 'matrix' } }),
  'workspaces.create': () => ({ body: { name: `matrix ${randomUUID()}` } }),
  'workspaces.list': () => ({}),
  'workspaces.get': ({ workspaceId }) => ({ params: { id: workspaceId } }),
  'workspaces.update': ({ workspaceId }) => ({
    params: { id: workspaceId },
    body: { description: 'changed' },
    headers: stale,
  }),
  'workspaces.delete': ({ workspaceId }) => ({ params: { id: workspaceId }, headers: stale }),
  'members.list': ({ workspaceId }) => ({ params: { id: workspaceId } }),
  'members.add': ({ workspaceId, owner }) => ({
    params: { id: workspaceId },
    body: { user_id: owner.id, role: 'viewer' },
  }),
  'members.update': ({ workspaceId, member }) => ({
    params: { id: workspaceId, userID: member.id },
    body: { role: 'member' },
  }),
  'members.remove': ({ workspaceId }) => ({ params: { id: workspaceId, userID: randomUUID() } }),
  'quotas.get': ({ workspaceId }) => ({ params: { id: workspaceId } }),
  'quotas.update': ({ workspaceId }) => ({ params: { id: workspaceId }, body: { max_vms: 20 }, headers: stale }),
  'credentials.create': ({ workspaceId }) => ({
    body: { workspace_id: workspaceId, provider: 'aws', data: credentialData },
  }),
  'credentials.list': ({ workspaceId }) => ({ query: `workspace_id=${workspaceId}` }),
  'credentials.get': ({ credentialId }) => ({ params: { id: credentialId } }),
  'credentials.update': ({ credentialId }) => ({
    params: { id: credentialId },
    body: { name: 'renamed' },
    headers: stale,
  }),
  'credentials.delete': ({ credentialId }) => ({ params: { id: credentialId }, headers: stale }),
  'credentials.verify': ({ credentialId }) => ({ params: { id: credentialId }, headers: stale }),
  'credentials.rotate': ({ credentialId }) => ({ params: { id: credentialId }, headers: stale }),
  'vms.create': ({ workspaceId, credentialId }) => ({
    body: {
      workspace_id: workspaceId,
      credential_id: credentialId,
      name: 'matrix',
      provider: 'aws',
      instance_type: 't3.micro',
      region: 'eu-west-1',
      image_id: 'ami-12c6146b',
    },
  }),
  'vms.list': ({ workspaceId }) => ({ query: `workspace_id=${workspaceId}` }),
  'schedules.get': ({ workspaceId }) => ({ params: { id: workspaceId } }),
  'schedules.update': ({ workspaceId }) => ({
    params: { id: workspaceId },
    body: { start: '0 8 * * 1-5', time_zone: 'Europe/Berlin', enabled: true },
    headers: stale,
  }),
  'vms.get': ({ vmId }) => ({ params: { id: vmId } }),
  'vms.update': ({ vmId }) => ({ params: { id: vmId }, body: { name: 'renamed' }, headers: stale }),
  'vms.events': ({ vmId }) => ({ params: { id: vmId } }),
  'vms.restart': ({ vmId }) => ({ params: { id: vmId }, headers: stale }),
  'vms.start': ({ vmId }) => ({ params: { id: vmId }, headers: stale }),
  'vms.stop': ({ vmId }) => ({ params: { id: vmId }, headers: stale }),
  'vms.delete': ({ vmId }) => ({ params: { id: vmId }, headers: stale }),
  'notifications.list': () => ({}),
  // Whoever is let in is told that this is no id.
  'notifications.read': () => ({ params: { id: 'matrix' } }),
  'notifications.read_all': () => ({}),
  'notifications.delete': () => ({ params: { id: 'matrix' } }),
  'notification_preferences.get': () => ({}),
  'notification_preferences.update': () => ({ body: { language: 'ko' }, headers: stale }),
  'providers.list': () => ({}),
  'providers.get': () => ({ params: { name: 'AWS' } }),
  'instances.list': (world) => ofProvider(world),
  // Whoever is allowed gets CONFLICT: an instance that is not there would be NOT_FOUND to everybody.
  'instances.get': (world) => ({
    ...ofProvider(world, '&region=nowhere'),
    params: { name: 'aws', id: 'i-00000000000000000' },
  }),
  'regions.list': (world) => ofProvider(world, ''),
  'instance_types.list': (world) => ofProvider(world),
  'images.list': (world) => ofProvider(world),
  'cost_estimates.create': () => ({
    params: { name: 'aws' },
    body: { instance_type: 't3.micro', region: 'eu-central-1', duration_hours: 720 },
  }),
  'cost_estimates.list': () => ({ params: { name: 'aws' } }),
  'orphans.list': () => ({ params: { name: 'aws' } }),
  'audit.list': ({ workspaceId }) => ({ query: `workspace_id=${workspaceId}` }),
  'audit.export': ({ workspaceId }) => ({ query: `workspace_id=${workspaceId}&format=ndjson` }),
  'audit.read_export': ({ workspaceId, exportId }) => ({
    params: { id: exportId },
    query: `workspace_id=${workspaceId}`,
  }),
  'audit.verify': ({ workspaceId }) => ({ query: `workspace_id=${workspaceId}` }),
  'health.read': () => ({}),
  'health.read_database': () => ({}),
  'health.read_cache': () => ({}),
  'system.read_statistics': () => ({}),
  'system.read_configuration': () => ({}),
};
