import { notFound } from '../../../contracts/errors.ts';
import type { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { raiseOf, viewOfQuota } from '../domain/quota.ts';
import type { QuotaStore } from '../ports.ts';

/** A limit never stands below what is used: it is refused, also where the use grew since the limit was read. */
export const updateQuotas =
  ({ quotas }: { quotas: QuotaStore }): UseCase<(typeof workspaceRoutes)['quotas.update']> =>
  async ({ params, body }, call) => {
    const quota = await quotas.find(params.id);
    if (quota === undefined) throw notFound();
    call.expectVersion(quota.version);
    const raises = raiseOf(quota, body);
    if (Object.keys(raises).length === 0)
      return call.commit([], { data: viewOfQuota(quota), version: quota.version, workspaceId: params.id });
    const data = {
      ...viewOfQuota(quota),
      ...Object.fromEntries(Object.entries(body).filter(([, max]) => max !== undefined)),
    };
    return call.commit([quotas.raise(params.id, quota, raises)], {
      data,
      version: quota.version + 1,
      workspaceId: params.id,
    });
  };
