import { readEnv } from '../../platform/env.ts';
import { createLogger } from '../../platform/logger.ts';
import { bucketFromEnv } from '../../platform/objects/index.ts';
import { createTable } from '../../platform/table/create-table.ts';
import { createTableClient } from '../../platform/table/table-client.ts';
import { anchorHeads } from '../chain/anchor-heads.ts';
import { createAnchorStore } from '../store/anchor-store.ts';
import { createChainStore } from '../store/chain-store.ts';

const env = readEnv({ TABLE_NAME: 'string', ANCHOR_BUCKET: 'string' });
const table = createTable({ client: createTableClient(), tableName: env.TABLE_NAME });

const anchor = anchorHeads({
  chain: createChainStore(table),
  anchors: createAnchorStore(bucketFromEnv(env.ANCHOR_BUCKET)),
  log: createLogger(),
});

export const handler = (): Promise<void> => anchor(new Date());
