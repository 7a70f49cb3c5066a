import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createCache } from '../../platform/cache/index.ts';
import { singleTry } from '../../platform/retry/single-try.ts';
import { createTableClient } from '../../platform/table/table-client.ts';
import type { Table } from '../../platform/table/types.ts';
import type { TableProbe } from '../ports.ts';

/** As the SDK has it unless told otherwise. */
const maxSockets = 50;

interface Sockets {
  readonly sockets: NodeJS.ReadOnlyDict<unknown[]>;
  readonly freeSockets: NodeJS.ReadOnlyDict<unknown[]>;
}

const count = ({ sockets, freeSockets }: Sockets) =>
  [...Object.values(sockets), ...Object.values(freeSockets)].reduce((total, list) => total + (list?.length ?? 0), 0);

/** Asks for an item that nobody writes: half a read unit, and the whole way to the table and back. */
const askTable = (table: Table): Promise<unknown> => table.get({ pk: 'HEALTH', sk: 'HEALTH' }, { consistent: false });

/** Looks for a value that nobody sets, as every reader of the cache looks. */
const askCache = (table: Table) =>
  createCache({ table, namespace: 'health', now: () => new Date(), newId: () => 'none' }).get('nothing');

export function createTableProbe(table: Table, agents: readonly Sockets[], ask = askTable): TableProbe {
  return {
    async read() {
      const began = performance.now();
      await ask(table);
      const milliseconds = performance.now() - began;
      return { milliseconds, sockets: agents.map(count).reduce((a, b) => a + b, 0), maxSockets };
    },
  };
}

/** A client whose sockets can be counted: its agents are made here. AWS is reached by TLS, an emulator without. */
export function createCountedClient(): { client: DynamoDBClient; agents: readonly Sockets[] } {
  const agents = {
    httpAgent: new HttpAgent({ keepAlive: true, maxSockets }),
    httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets }),
  };
  const client = createTableClient({ requestHandler: { ...singleTry.requestHandler, ...agents } });
  return { client, agents: [agents.httpAgent, agents.httpsAgent] };
}

export const probesOf = (table: Table, agents: readonly Sockets[]): { table: TableProbe; cache: TableProbe } => ({
  table: createTableProbe(table, agents),
  cache: createTableProbe(table, agents, askCache),
});
