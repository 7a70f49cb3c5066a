import { createTokenVerifier } from '../../platform/auth/verify-token.ts';
import { readEnv } from '../../platform/env.ts';
import { createLogger } from '../../platform/logger.ts';
import { createTable } from '../../platform/table/create-table.ts';
import { createTableClient } from '../../platform/table/table-client.ts';
import { createSocketHandler } from '../handle-socket.ts';
import { createConnectionStore } from '../store/connection-store.ts';
import { createPeople } from '../store/people.ts';
import { createPresenceStore } from '../store/presence-store.ts';
import { createSocketTimeouts } from '../store/socket-timeouts.ts';
import { createSockets } from '../store/sockets.ts';

const env = readEnv({
  TABLE_NAME: 'string',
  ORIGIN_SECRET_SHA256: 'list',
  USER_POOL_ID: 'string',
  USER_POOL_CLIENT_ID: 'string',
  SOCKET_ENDPOINT: 'string',
  SOCKET_TIMEOUT_QUEUE_URL: 'string',
});
const table = createTable({ client: createTableClient(), tableName: env.TABLE_NAME });

export const handler = createSocketHandler({
  connections: createConnectionStore(table),
  presences: createPresenceStore(table),
  people: createPeople(table),
  sockets: createSockets({ endpoint: env.SOCKET_ENDPOINT }),
  timeouts: createSocketTimeouts({ queueUrl: env.SOCKET_TIMEOUT_QUEUE_URL }),
  verifyToken: createTokenVerifier({ userPoolId: env.USER_POOL_ID, clientId: env.USER_POOL_CLIENT_ID }),
  originSecretHashes: env.ORIGIN_SECRET_SHA256,
  now: () => new Date(),
  log: createLogger(),
});
