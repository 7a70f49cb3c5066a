import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { isUnavailable } from '../../../contracts/errors.ts';
import { inParallel } from '../in-parallel.ts';
import { meter } from '../meter.ts';
import { beginSeries, type Pace } from '../retry/series.ts';
import type { Start } from './effect.ts';

const atOnce = 5;

export interface StateMachines {
  /**
   * Answers for each start why it was not made, undefined where it was, now or at an earlier delivery. Never throws.
   */
  start(starts: readonly Start[]): Promise<unknown[]>;
}

export interface StateMachinesOptions extends Partial<Pace> {
  client: SFNClient;
  /** `arn:…:stateMachine:skyclust-<stage>-`, to which the machine's name is added. */
  arnPrefix: string;
}

export function createStateMachines({ client, arnPrefix, ...pace }: StateMachinesOptions): StateMachines {
  async function startOne({ machine, name, input }: Start): Promise<void> {
    const command = { stateMachineArn: `${arnPrefix}${machine}`, name, input: JSON.stringify(input) };
    try {
      await beginSeries(pace).send((options) => {
        meter().add('sfn');
        return client.send(new StartExecutionCommand(command), options);
      });
    } catch (error) {
      // A name stays taken for 90 days after its execution has ended: the same change, delivered again.
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  }

  return {
    async start(starts) {
      let down: unknown;
      return inParallel(atOnce, starts, async (start) => {
        if (down !== undefined) return down;
        try {
          return await startOne(start);
        } catch (error) {
          // The rest are not worth the series' 2.5 s each.
          if (isUnavailable(error)) down = error;
          return error;
        }
      });
    },
  };
}
