import { vmProviders } from '../../../contracts/compute/providers.ts';
import type { ProviderView } from '../../../contracts/providers/catalog.ts';
import type { providerRoutes } from '../../../contracts/providers/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { providerNamed } from './ask-provider.ts';
import type { CatalogUses } from './ports.ts';

type Routes = typeof providerRoutes;
type Uses = Pick<CatalogUses, 'catalogs' | 'orphans'>;

const viewOf = ({ catalogs }: Pick<Uses, 'catalogs'>, name: (typeof vmProviders)[number]): ProviderView => {
  const { about } = catalogs[name];
  return { name, ...about, capabilities: [...about.capabilities] };
};

/** Those that have a folder: what is listed works. */
export const listProviders =
  (uses: Uses): UseCase<Routes['providers.list']> =>
  async () => ({ data: { providers: vmProviders.map((name) => viewOf(uses, name)) } });

export const getProvider =
  (uses: Uses): UseCase<Routes['providers.get']> =>
  async ({ params }) => {
    const name = providerNamed(params.name);
    return { data: viewOf(uses, name), resourceId: name };
  };

export const listOrphans =
  ({ orphans }: Uses): UseCase<Routes['orphans.list']> =>
  async ({ params }) => ({ data: await orphans(providerNamed(params.name)) });
