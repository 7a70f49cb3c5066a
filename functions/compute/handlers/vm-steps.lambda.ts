import { setTimeout as pause } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { VmProvider } from '../../../contracts/compute/providers.ts';
// biome-ignore lint/style/noRestrictedImports: this worker alone opens secrets, so what contexts may call does not hold it
import { openCredential } from '../../credentials/open.ts';
import { openingFromEnv } from '../../platform/crypto/opening-from-env.ts';
import { readEnv } from '../../platform/env.ts';
import { createLogger } from '../../platform/logger.ts';
import { createTable, createTableClient } from '../../platform/table/index.ts';
import { createTrace } from '../../platform/trace.ts';
import { hourlyPrice, monthlyCost } from '../catalog/index.ts';
import { providers } from '../providers/index.ts';
import { connectVm } from '../steps/connect-vm.ts';
import { readStepInput } from '../steps/read-step-input.ts';
import { runStep } from '../steps/run-step.ts';
import { holdings } from '../store/holdings.ts';
import { createLifecycleStore } from '../store/lifecycle-store.ts';
import { openUserData } from '../store/open-user-data.ts';

const env = readEnv({ TABLE_NAME: 'string' });
const table = createTable({ client: createTableClient(), tableName: env.TABLE_NAME });
const priceOf = hourlyPrice({ table, now: () => new Date() });
const opening = { table, ...openingFromEnv() };

const dependencies = {
  vms: createLifecycleStore(table, holdings),
  connect: connectVm(openCredential(opening), providers),
  openUserData: openUserData(opening),
  async monthlyCost(provider: VmProvider, region: string, instanceType: string) {
    const price = await priceOf(provider, region, instanceType);
    return price && monthlyCost(price);
  },
  now: () => new Date(),
  newId: uuidv7,
  pause,
  logger: createLogger(),
  trace: createTrace(),
};

/** Every step of vm-lifecycle; which one, the state says. */
export const handler = async (event: unknown) => runStep(readStepInput(event), dependencies);
