import { conflict, notFound, stale } from '../../../contracts/errors.ts';
import { newPrincipal, principalKey, roleLetter } from '../../platform/auth/principal.ts';
import { absent, exists } from '../../platform/table/fragment.ts';
import type { Table, Write } from '../../platform/table/types.ts';
import { packSession } from '../domain/session-bytes.ts';
import { actsAsAdmin, type User } from '../domain/user.ts';
import { type AccessStore, FirstAdminFound } from '../ports.ts';
import { adminsKey, emailKey, emailPartition } from './keys.ts';

const lastAdmin = () => conflict('user.last_admin');
const foundAdmins = ({ id }: User): Write => ({
  put: { ...adminsKey, ids: new Set([id]) },
  condition: absent,
  otherwise: () => new FirstAdminFound(),
});

/** Two admins who demote each other at once both write this one item: the second finds itself the last. */
const leaveAdmins = ({ id }: User): Write => ({
  update: adminsKey,
  change: { text: 'DELETE #ids :self', values: { self: new Set([id]) } },
  condition: { text: 'size(#ids) > :one AND contains(#ids, :id)', values: { one: 1, id } },
  otherwise: lastAdmin,
});

const joinAdmins = ({ id }: User): Write => ({
  update: adminsKey,
  change: { text: 'ADD #ids :self', values: { self: new Set([id]) } },
});

function moveAdmin(before: User, after: User): Write[] {
  if (actsAsAdmin(before) === actsAsAdmin(after)) return [];
  return [actsAsAdmin(after) ? joinAdmins(after) : leaveAdmins(before)];
}

export const createAccessStore = (table: Table): AccessStore => ({
  async survey(email) {
    const items = await table.getMany([emailKey(email), adminsKey]);
    return {
      emailTaken: items.some(({ pk }) => pk === emailPartition),
      adminsExist: items.some(({ sk }) => sk === adminsKey.sk),
    };
  },

  insert(user, sessionId, session, now) {
    const principal = { ...newPrincipal(user.id, user.role, now), ss: { [sessionId]: packSession(session) } };
    return [{ put: principal }, ...(actsAsAdmin(user) ? [foundAdmins(user)] : [])];
  },

  found(user, principal) {
    const raised: Write = {
      update: principalKey(user.id),
      change: { text: 'SET #role = :role', values: { role: user.role } },
      condition: exists,
      otherwise: notFound,
    };
    return [foundAdmins(user), ...(principal === undefined ? [] : [raised])];
  },

  enrol: (user, now) => [
    { put: newPrincipal(user.id, user.role, now) },
    ...(actsAsAdmin(user) ? [joinAdmins(user)] : []),
  ],

  change(before, after) {
    if (before.role === after.role && before.is_active === after.is_active) return [];
    const disabled = before.is_active && !after.is_active;
    const principal: Write = {
      update: principalKey(after.id),
      change: {
        text: `SET #role = :role, #state = :state${disabled ? ', #ss = :none' : ''}`,
        values: { role: after.role, state: after.is_active ? 'active' : 'disabled', none: {} },
      },
      condition: exists,
      otherwise: notFound,
    };
    return [...moveAdmin(before, after), principal];
  },

  remove(user, { memberships, owned, keys }) {
    const ws = Object.fromEntries(Object.entries(memberships).map(([id, role]) => [id, roleLetter(role)]));
    const principal: Write = {
      delete: principalKey(user.id),
      // A key or a workspace that is made meanwhile would stay behind.
      condition: {
        text: `#owned = :owned AND #ws = :ws AND ${keys === 0 ? '(attribute_not_exists(#keys) OR #keys = :keys)' : '#keys = :keys'}`,
        values: { owned, ws, keys },
      },
      otherwise: (old) => (old === undefined ? notFound() : stale()),
    };
    return [...(actsAsAdmin(user) ? [leaveAdmins(user)] : []), principal];
  },

  async isLastAdmin(user) {
    if (!actsAsAdmin(user)) return false;
    const admins = await table.get(adminsKey);
    return (admins?.['ids'] as Set<string> | undefined)?.size === 1;
  },
});
