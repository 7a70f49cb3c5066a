import {
  paginateGetExecutionHistory,
  paginateListExecutions,
  paginateListStateMachines,
  SFNClient,
} from '@aws-sdk/client-sfn';
import type { TestStack } from '../support/emulator.ts';

/** State transitions, as Step Functions bills them, of the executions that are named after this VM. */
export async function countTransitions({ client }: Pick<TestStack, 'client'>, vmId: string): Promise<number> {
  const sfn = new SFNClient(client);
  let transitions = 0;
  for await (const { stateMachines = [] } of paginateListStateMachines({ client: sfn }, {})) {
    for (const { stateMachineArn } of stateMachines) {
      for await (const { executions = [] } of paginateListExecutions({ client: sfn }, { stateMachineArn })) {
        for (const { executionArn, name } of executions) {
          if (name?.startsWith(vmId) !== true) continue;
          for await (const { events = [] } of paginateGetExecutionHistory({ client: sfn }, { executionArn })) {
            transitions += events.filter(({ type }) => type?.endsWith('StateEntered') === true).length;
          }
        }
      }
    }
  }
  return transitions;
}
