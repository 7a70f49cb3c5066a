import type { Quotas } from '../../../contracts/workspaces/routes.ts';

/** What a quota bounds. */
export const quotaResources = ['vms', 'vcpus', 'credentials'] as const;
export type QuotaResource = (typeof quotaResources)[number];

export type QuotaCounts = Record<QuotaResource, number>;
/** More of a resource, or less where it is negative. */
export type QuotaMoves = Partial<QuotaCounts>;

export interface Quota {
  active: boolean;
  max: QuotaCounts;
  /** What may still be made: conditions can't add, so what is left is counted, not what is used. */
  left: QuotaCounts;
  owners: number;
  members: number;
  /** Of the limits; counting does not change it. */
  version: number;
}

export const usedOf = ({ max, left }: Pick<Quota, 'max' | 'left'>, resource: QuotaResource): number =>
  max[resource] - left[resource];

/** The first resource of which the moves ask more than is left. */
export const exceededBy = ({ left }: Quota, moves: QuotaMoves): QuotaResource | undefined =>
  quotaResources.find((resource) => (moves[resource] ?? 0) > 0 && (moves[resource] ?? 0) > left[resource]);

export const viewOfQuota = ({ max }: Pick<Quota, 'max'>): Quotas => ({
  max_vms: max.vms,
  max_vcpus: max.vcpus,
  max_credentials: max.credentials,
});

/** How much each limit rises (falls, where negative) with a change. */
export const raiseOf = ({ max }: Quota, change: { [Name in keyof Quotas]?: number | undefined }): QuotaMoves => {
  const raises = quotaResources.map(
    (resource) => [resource, (change[`max_${resource}`] ?? max[resource]) - max[resource]] as const,
  );
  return Object.fromEntries(raises.filter(([, raise]) => raise !== 0));
};
