import { type ApiError, conflict, notFound, stale } from '../../../contracts/errors.ts';
import { defaultQuotas, maxMembersPerWorkspace } from '../../../contracts/workspaces/limits.ts';
import { all, equals, exists } from '../../platform/table/fragment.ts';
import type { Fragment, Item, Table } from '../../platform/table/types.ts';
import { type QuotaMoves, quotaResources, usedOf } from '../domain/quota.ts';
import type { QuotaStore } from '../ports.ts';
import { quotaKey } from './keys.ts';
import { quotaFrom, quotaMove } from './quota-move.ts';

const newItem = (workspaceId: string): Item => ({
  ...quotaKey(workspaceId),
  active: true,
  ...defaultQuotas,
  left_vms: defaultQuotas.max_vms,
  left_vcpus: defaultQuotas.max_vcpus,
  left_credentials: defaultQuotas.max_credentials,
  owners: 1,
  members: 1,
  version: 1,
});

const noVms: Fragment = { text: '#left_vms = #max_vms' };

function refuseMember(old: Item | undefined): ApiError {
  if (old === undefined) return notFound();
  if (old['active'] !== true) return conflict('workspace.inactive');
  return conflict('member.workspace_full', {
    params: { max: maxMembersPerWorkspace },
    data: { max: maxMembersPerWorkspace },
  });
}

function refuseEnd(old: Item | undefined): ApiError {
  if (old === undefined) return notFound();
  const vms = usedOf(quotaFrom(old), 'vms');
  return vms === 0 ? stale() : conflict('workspace.not_empty', { data: { blocking: { vms } } });
}

export const createQuotaStore = (table: Table): QuotaStore => ({
  async find(workspaceId) {
    const item = await table.get(quotaKey(workspaceId));
    return item && quotaFrom(item);
  },

  insert: (workspaceId) => ({ put: newItem(workspaceId) }),

  admit: (workspaceId, role) => ({
    update: quotaKey(workspaceId),
    change: { text: `ADD #members :one${role === 'owner' ? ', #owners :one' : ''}`, values: { one: 1 } },
    condition: {
      text: '#active = :active AND #members < :most',
      values: { active: true, most: maxMembersPerWorkspace },
    },
    otherwise: refuseMember,
  }),

  countMembers: (workspaceId, { members = 0, owners = 0 }) => ({
    update: quotaKey(workspaceId),
    change: { text: 'ADD #members :members, #owners :owners', values: { members, owners } },
    condition: owners < 0 ? { text: '#owners > :gone', values: { gone: -owners } } : exists,
    otherwise: (old) => (old === undefined ? notFound() : conflict('member.last_owner')),
  }),

  raise: (workspaceId, quota, raises) => ({
    update: quotaKey(workspaceId),
    change: raiseChange(raises, quota.version + 1),
    condition: all(equals('version', quota.version), ...enoughLeft(raises)),
    otherwise: (old) => {
      if (old === undefined) return notFound();
      return Number(old['version']) === quota.version ? conflict('quota.below_use') : stale();
    },
  }),

  setActive: (workspaceId, active) => ({
    update: quotaKey(workspaceId),
    change: { text: 'SET #active = :active', values: { active } },
    condition: exists,
    otherwise: stale,
  }),

  close: (workspaceId) => ({
    update: quotaKey(workspaceId),
    change: { text: 'SET #active = :inactive', values: { inactive: false } },
    condition: noVms,
    otherwise: refuseEnd,
  }),

  release: (workspaceId, moves) => quotaMove(workspaceId, moves),

  remove: (workspaceId, quota) => ({
    delete: quotaKey(workspaceId),
    condition: all(
      noVms,
      equals('members', quota.members),
      equals('max_credentials', quota.max.credentials),
      equals('left_credentials', quota.left.credentials),
    ),
    otherwise: refuseEnd,
  }),
});

/** What is left moves by as much as the limit, so that things made meanwhile stay counted. */
function raiseChange(raises: QuotaMoves, next: number): Fragment {
  const raised = quotaResources.filter((resource) => raises[resource] !== undefined);
  const sets = raised.flatMap((resource) =>
    ['max', 'left'].map((kind) => `#${kind}_${resource} = #${kind}_${resource} + :raise_${resource}`),
  );
  const values = Object.fromEntries(raised.map((resource) => [`raise_${resource}`, raises[resource]]));
  return { text: `SET ${[...sets, '#version = :next'].join(', ')}`, values: { ...values, next } };
}

/** A limit falls by no more than is left. */
const enoughLeft = (raises: QuotaMoves): Fragment[] =>
  quotaResources.flatMap((resource) => {
    const fall = -(raises[resource] ?? 0);
    return fall > 0 ? [{ text: `#left_${resource} >= :fall_${resource}`, values: { [`fall_${resource}`]: fall } }] : [];
  });
