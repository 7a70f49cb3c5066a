import { ApiError, invalid } from '../../../contracts/errors.ts';
import type { providerRoutes } from '../../../contracts/providers/routes.ts';
import type { UseCase } from '../../platform/api/call.ts';
import { providerNamed } from './ask-provider.ts';
import type { CatalogUses } from './ports.ts';
import { costOf } from './price.ts';
import { refusalOf } from './refusal.ts';

type Routes = typeof providerRoutes;
type Uses = Pick<CatalogUses, 'quotes' | 'estimates'>;

/** Never a guess: without a price there is no estimate. One that was made already is answered again, whatever is known of prices by now. */
export const estimateCost =
  ({ quotes, estimates }: Uses): UseCase<Routes['cost_estimates.create']> =>
  async ({ params, body }, call) => {
    const provider = providerNamed(params.name);
    const { instance_type, region, duration_hours } = body;
    const price = await quotes[provider].price(region, instance_type).catch(refusalOf);
    if (price instanceof ApiError) return call.answeredOr(price);
    if (price === undefined)
      return call.answeredOr(invalid([{ path: 'body.instance_type', message: `has no known price in ${region}` }]));
    const data = {
      id: call.newId(),
      instance_type,
      region,
      duration_hours,
      hourly_cost: Number(price.hourly),
      estimated_cost: costOf(price, duration_hours),
      currency: price.currency,
      price_source: price.source,
      priced_at: price.at,
      created_at: call.now.toISOString(),
    };
    return call.commit([estimates.insert(call.caller.userId, provider, data)], { data });
  };

export const listEstimates =
  ({ estimates }: Uses): UseCase<Routes['cost_estimates.list']> =>
  async ({ params }, call) => ({
    data: await estimates.list(call.caller.userId, providerNamed(params.name), call.now),
  });
