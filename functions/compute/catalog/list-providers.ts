import { vmProviders } from '../../../contracts/compute/providers.ts';
import type { ProviderView } from '../../../contracts/providers/catalogue.ts';
import type { providerRoutes } from '../../../contracts/providers/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { providerNamed } from './ask-provider.ts';
import type { CatalogueUses } from './ports.ts';

type Routes = typeof providerRoutes;
type Uses = Pick<CatalogueUses, 'catalogues' | 'orphans'>;

const viewOf = ({ catalogues }: Pick<Uses, 'catalogues'>, name: (typeof vmProviders)[number]): ProviderView => {
  const { about } = catalogues[name];
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
