import type { EventBridgeEvent } from 'aws-lambda';
import type { InternalEventOf, ProfileEventType } from '../../../contracts/internal-events.ts';
import { readEnv } from '../../platform/env.ts';
import type { RelayedEvent } from '../../platform/outbox/relayed-event.ts';
import { createTable } from '../../platform/table/create-table.ts';
import { createTableClient } from '../../platform/table/table-client.ts';
import { createProfileStore } from '../store/profile-store.ts';
import { copyProfile } from '../use-cases/copy-profile.ts';

const env = readEnv({ TABLE_NAME: 'string' });
const table = createTable({ client: createTableClient(), tableName: env.TABLE_NAME });
const copy = copyProfile({ profiles: createProfileStore(table) });

/** A throw makes Lambda send the event again, twice, and then puts it into the function's dead-letter queue. */
export const handler = (
  event: EventBridgeEvent<string, RelayedEvent<InternalEventOf<ProfileEventType>>>,
): Promise<void> => copy(event.detail);
