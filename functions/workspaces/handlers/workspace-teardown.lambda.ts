import { setTimeout as pause } from 'node:timers/promises';
import { askVmDeletion } from '../../compute/index.ts';
import { credentialRemovals } from '../../credentials/index.ts';
import { readEnv } from '../../platform/env.ts';
import { createLogger } from '../../platform/logger.ts';
import { createTable, createTableClient } from '../../platform/table/index.ts';
import { readStepInput } from '../steps/read-step-input.ts';
import { runStep } from '../steps/run-step.ts';
import { createMemberStore } from '../store/member-store.ts';
import { createQuotaStore } from '../store/quota-store.ts';
import { createWorkspaceStore } from '../store/workspace-store.ts';

const env = readEnv({ TABLE_NAME: 'string' });
const table = createTable({ client: createTableClient(), tableName: env.TABLE_NAME });

const dependencies = {
  stores: {
    workspaces: createWorkspaceStore(table),
    members: createMemberStore(table),
    quotas: createQuotaStore(table),
    credentials: { removals: (workspaceId: string) => credentialRemovals(table, workspaceId) },
  },
  holdings: [{ askDeletion: askVmDeletion(table) }],
  now: () => new Date(),
  pause,
  logger: createLogger(),
};

/** Every step of workspace-teardown; which one, the state says. */
export const handler = async (event: unknown) => runStep(readStepInput(event), dependencies);
