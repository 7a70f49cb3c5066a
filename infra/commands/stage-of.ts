import { readContext } from '../context.ts';
import { useLocalEmulator } from '../local-stage.ts';
import type { Context } from '../settings.ts';

/**
 * The stage that a command is for: of `--stage`, else of `STAGE`, else of `cdk.json`. Its region becomes that of the clients, whatever the shell has; the local
 * one's clients go to the emulator. Throws for a stage that `cdk.json` does not have: its table would be looked for in a region that nobody named.
 */
export function stageOf(given: string | undefined, context: Context = readContext([])): string {
  const stage = given ?? process.env.STAGE ?? String(context.tryGetContext('stage'));
  const stages = (context.tryGetContext('stages') ?? {}) as Record<string, { region?: string } | undefined>;
  const settings = stages[stage];
  if (settings === undefined)
    throw new Error(`cdk.json has no stage ${stage}: there is ${Object.keys(stages).join(', ')}`);
  if (stage === 'local') useLocalEmulator();
  else if (settings.region !== undefined) process.env.AWS_REGION = settings.region;
  return stage;
}
