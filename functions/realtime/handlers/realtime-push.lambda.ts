import type { EventBridgeEvent } from 'aws-lambda';
import { readEnv } from '../../platform/env.ts';
import { createLogger } from '../../platform/logger.ts';
import type { Publish } from '../../platform/outbox/effect.ts';
import type { RelayedEvent } from '../../platform/outbox/relayed-event.ts';
import { createTable } from '../../platform/table/create-table.ts';
import { createTableClient } from '../../platform/table/table-client.ts';
import { createPeople } from '../store/people.ts';
import { createPresenceStore } from '../store/presence-store.ts';
import { createSockets } from '../store/sockets.ts';
import { type PushDependencies, pushEvent } from '../use-cases/push-event.ts';

const env = readEnv({ TABLE_NAME: 'string', SOCKET_ENDPOINT: 'string' });
const table = createTable({ client: createTableClient(), tableName: env.TABLE_NAME });

const dependencies: PushDependencies = {
  people: createPeople(table),
  presences: createPresenceStore(table),
  sockets: createSockets({ endpoint: env.SOCKET_ENDPOINT }),
  now: () => new Date(),
  log: createLogger(),
};

/** A throw makes Lambda send the event again, twice, and then puts it into the function's dead-letter queue. */
export const handler = (event: EventBridgeEvent<string, RelayedEvent<Publish>>): Promise<void> =>
  pushEvent(event.detail, dependencies);
