import { notFound } from '../../../contracts/errors.ts';
import type { providerRoutes } from '../../../contracts/providers/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { openNamed, providerNamed } from './ask-provider.ts';
import type { CatalogUses } from './ports.ts';
import { asked } from './refusal.ts';

type Routes = typeof providerRoutes;
type Uses = Pick<CatalogUses, 'choose' | 'catalogs'>;

/** What an account holds is shown to members of a workspace that has a credential of it, whatever their role, and never cached. */
export const listInstances =
  (uses: Uses): UseCase<Routes['instances.list']> =>
  ({ params, query }, call) =>
    asked(async () => {
      const provider = providerNamed(params.name);
      const { catalog } = await openNamed(uses, { provider, query, call });
      return { data: await catalog().instances() };
    });

export const getInstance =
  (uses: Uses): UseCase<Routes['instances.get']> =>
  ({ params, query }, call) =>
    asked(async () => {
      const provider = providerNamed(params.name);
      const { catalog } = await openNamed(uses, { provider, query, call });
      const data = await catalog().instance(params.id);
      if (data === undefined) throw notFound();
      return { data };
    });

/** Whoever names no account is told the regions that there are; no credential is opened for that. */
export const listRegions =
  (uses: Uses): UseCase<Routes['regions.list']> =>
  ({ params, query }, call) =>
    asked(async () => {
      const provider = providerNamed(params.name);
      if (query.workspace_id === undefined && query.credential_id === undefined)
        return { data: [...uses.catalogs[provider].regions] };
      const { catalog } = await openNamed(uses, { provider, query, call });
      return { data: await catalog().regions() };
    });
