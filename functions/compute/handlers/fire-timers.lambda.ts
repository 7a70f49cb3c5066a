import { readEnv } from '../../platform/env.ts';
import { createLogger } from '../../platform/logger.ts';
import { createTable, createTableClient } from '../../platform/table/index.ts';
import { createVmStore } from '../store/vm-store.ts';
import { fireTimer } from '../timers/fire-timer.ts';
import { fireTimers } from '../timers/fire-timers.ts';

const { TABLE_NAME: tableName } = readEnv({ TABLE_NAME: 'string' });
const table = createTable({ client: createTableClient(), tableName });
const now = () => new Date();
const fire = fireTimer({ table, vms: createVmStore(table), now });
const logger = createLogger();

export const handler = (): Promise<void> => fireTimers({ table, fire, now, logger });
