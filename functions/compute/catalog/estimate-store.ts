import type { CostEstimate } from '../../../contracts/providers/catalog.ts';
import { key, keyPrefix } from '../../platform/table/key.ts';
import type { Item, Table } from '../../platform/table/types.ts';
import type { EstimateStore } from './ports.ts';

export const keptDays = 90;
const mostListed = 100;

const endsAt = (createdAt: string) => Math.floor(Date.parse(createdAt) / 1_000) + keptDays * 86_400;

const toEstimate = ({ pk: _, sk: __, ttl: ___, ...fields }: Item) => fields as unknown as CostEstimate;

export const createEstimateStore = (table: Table): EstimateStore => ({
  insert: (userId, provider, estimate) => ({
    put: {
      pk: key('ESTIMATE', userId),
      sk: key(provider, estimate.id),
      ...estimate,
      ttl: endsAt(estimate.created_at),
    },
  }),
  async list(userId, provider, now) {
    // Ids sort by time.
    const page = { pk: key('ESTIMATE', userId), prefix: keyPrefix(provider), descending: true, limit: mostListed };
    const items = await table.queryAll(page);
    return items.filter((item) => Number(item['ttl']) > now.getTime() / 1_000).map(toEstimate);
  },
});
