import { notFound } from '../../../contracts/errors.ts';
import type { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { viewOfQuota } from '../domain/quota.ts';
import type { QuotaStore } from '../ports.ts';

export const getQuotas =
  ({ quotas }: { quotas: QuotaStore }): UseCase<(typeof workspaceRoutes)['quotas.get']> =>
  async ({ params }) => {
    const quota = await quotas.find(params.id);
    if (quota === undefined) throw notFound();
    return { data: viewOfQuota(quota), version: quota.version };
  };
