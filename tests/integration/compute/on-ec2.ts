import { v7 as uuidv7 } from 'uuid';
import { providers } from '../../../functions/compute/providers/index.ts';
import { connectVm } from '../../../functions/compute/steps/connect-vm.ts';
import { readStepInput } from '../../../functions/compute/steps/read-step-input.ts';
import { runStep } from '../../../functions/compute/steps/run-step.ts';
import type { StepDependencies } from '../../../functions/compute/steps/step.ts';
import { holdings } from '../../../functions/compute/store/holdings.ts';
import { createLifecycleStore } from '../../../functions/compute/store/lifecycle-store.ts';
import { openUserData } from '../../../functions/compute/store/open-user-data.ts';
import { vmChanged } from '../../../functions/compute/vm-changed.ts';
import { openCredential } from '../../../functions/credentials/open.ts';
import { createKmsClient } from '../../../functions/platform/crypto/kms-client.ts';
import { runMetered } from '../../../functions/platform/meter.ts';
import { execute, type Outcome } from '../../state-machines/vm-lifecycle/engine.ts';
import type { Http, HttpAnswer } from '../../support/http-client.ts';
import type { Backend } from '../../support/in-process-backend.ts';
import { createTenancy, type Resident, type Tenancy } from '../workspaces/tenancy.ts';
import { createComputeHttp, storeCredential } from './compute-api.ts';

/** The API, the table, KMS, vm-lifecycle and its steps on EC2: all of it but the stream, whose part `run` takes. */
export interface OnEc2 {
  http: Http;
  tenancy: Tenancy;
  owner: Resident;
  workspaceId: string;
  credentialId: string;
  /** Everything that the steps were given, answered, threw and logged. */
  said: unknown[];
  /** Calls of KMS by step. */
  kms: { step: string; calls: number }[];
  /** Calls the API, then runs what the relay would start of it. */
  run(method: string, path: string, body?: object): Promise<{ answer: HttpAnswer; outcome: Outcome | undefined }>;
  vm(id: string): Promise<Record<string, unknown>>;
}

export async function makeOnEc2(backend: Backend): Promise<OnEc2> {
  const tenancy = createTenancy(backend);
  const http = createComputeHttp(tenancy, { backend });
  const owner = await tenancy.settle();
  const workspaceId = await tenancy.found(owner);
  const credentialId = await storeCredential(tenancy, owner, workspaceId);
  const { table, credentialsKeyId: keyId } = backend;
  const kms = createKmsClient(backend.client);
  const said: unknown[] = [];
  const asked: OnEc2['kms'] = [];
  let time = Date.now();
  const log = (message: string, fields: object) => void said.push(message, fields);
  const dependencies: StepDependencies = {
    vms: createLifecycleStore(table, holdings),
    connect: connectVm(openCredential({ table, kms, keyId }), providers),
    openUserData: openUserData({ table, kms, keyId }),
    monthlyCost: async () => undefined,
    now: () => new Date(++time),
    newId: uuidv7,
    pause: async (milliseconds) => {
      time += milliseconds;
    },
    logger: { info: log, error: (message, fields) => log(message, { ...fields, error: String(fields['error']) }) },
    trace: { add: () => undefined },
  };
  const items = async () => (await tenancy.rowsOf(workspaceId)).filter(({ sk }) => sk.startsWith('VM#'));
  const perform = (step: string, run: object) =>
    runMetered(async (meter) => {
      said.push(run);
      try {
        const answer = await runStep(readStepInput({ step, run }), dependencies);
        said.push(answer);
        return answer;
      } catch (error) {
        said.push(String(error));
        throw error;
      } finally {
        asked.push({ step, calls: meter.read('kms') });
      }
    });
  return {
    http,
    tenancy,
    owner,
    workspaceId,
    credentialId,
    said,
    kms: asked,
    async run(method, path, body) {
      const before = new Map((await items()).map((item) => [item.sk, item]));
      const answer = await http(method, path, { token: owner.token, body });
      const changes = (await items()).flatMap((after) => {
        const old = before.get(after.sk);
        const change = { type: 'vm', event: 'MODIFY', id: 'stream', at: new Date(time).toISOString(), after } as const;
        return vmChanged(old === undefined ? change : { ...change, before: old });
      });
      const start = changes.find((effect) => 'start' in effect)?.start;
      const outcome = start && (await execute(start.input, ({ step, run }) => perform(step, run)));
      return { answer, outcome };
    },
    vm: async (id) => (await http('GET', `/vms/${id}`, { token: owner.token })).body.data,
  };
}
