import { type ApiError, conflict, notFound } from '../../../contracts/errors.ts';
import type { Item, Write } from '../../platform/table/types.ts';
import { exceededBy, type Quota, type QuotaCounts, type QuotaMoves, quotaResources } from '../domain/quota.ts';
import { quotaKey } from './keys.ts';

const countsIn = (item: Item, prefix: 'max' | 'left') =>
  Object.fromEntries(
    quotaResources.map((resource) => [resource, Number(item[`${prefix}_${resource}`])]),
  ) as QuotaCounts;

export const quotaFrom = (item: Item): Quota => ({
  active: item['active'] === true,
  max: countsIn(item, 'max'),
  left: countsIn(item, 'left'),
  owners: Number(item['owners']),
  members: Number(item['members']),
  version: Number(item['version']),
});

function refuse(old: Item | undefined, moves: QuotaMoves): ApiError {
  if (old === undefined) return notFound();
  const quota = quotaFrom(old);
  if (!quota.active) return conflict('workspace.inactive');
  const resource = exceededBy(quota, moves);
  // Of what was given back nothing can be refused but by a count gone wrong, which a wider answer would hide.
  if (resource === undefined) throw new Error('cannot tell why a quota refused');
  const [max, left] = [quota.max[resource], quota.left[resource]];
  const data = { reason: 'QUOTA_EXCEEDED', resource, max, used: max - left };
  return conflict(`quota.${resource}_exceeded`, { params: { max }, data });
}

/**
 * Takes from a workspace's quotas, or gives back where negative, in the transaction that makes or removes the things: CONFLICT past a limit or in an
 * inactive workspace, NOT_FOUND in none. Giving back always goes. It stands for `activeCheck`, too: a transaction takes one write an item.
 */
export function quotaMove(workspaceId: string, moves: QuotaMoves): Write {
  const moved = quotaResources.filter((resource) => (moves[resource] ?? 0) !== 0);
  const taken = moved.filter((resource) => (moves[resource] ?? 0) > 0);
  if (moved.length === 0) throw new TypeError('cannot move a quota by nothing');
  const values = Object.fromEntries(
    moved.flatMap((resource) => {
      const move = moves[resource] ?? 0;
      return [
        [`left_${resource}`, -move],
        [`need_${resource}`, move],
      ];
    }),
  );
  const enough = taken.map((resource) => `#left_${resource} >= :need_${resource}`);
  return {
    update: quotaKey(workspaceId),
    change: { text: `ADD ${moved.map((resource) => `#left_${resource} :left_${resource}`).join(', ')}`, values },
    condition: {
      text: taken.length === 0 ? 'attribute_exists(#pk)' : ['#active = :active', ...enough].join(' AND '),
      values: { ...values, active: true },
    },
    otherwise: (old) => refuse(old, moves),
  };
}

/** In a transaction that makes a thing no quota counts: CONFLICT in an inactive workspace, NOT_FOUND in none. */
export const activeCheck = (workspaceId: string): Write => ({
  check: quotaKey(workspaceId),
  condition: { text: '#active = :active', values: { active: true } },
  otherwise: (old) => (old === undefined ? notFound() : conflict('workspace.inactive')),
});
