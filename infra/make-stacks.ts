import type { App, Environment } from 'aws-cdk-lib';
import { Tags } from 'aws-cdk-lib';
import type { Stage } from './constructs/stage.ts';
import { isLocal } from './local-stage.ts';
import { prefixOf } from './settings.ts';
import { ControlStack } from './stacks/control.ts';
import { CoreStack } from './stacks/core.ts';
import { DataStack } from './stacks/data.ts';
import { EdgeStack } from './stacks/edge.ts';

export interface Stacks {
  data: DataStack;
  core: CoreStack;
  control: ControlStack;
  /** Not in the local stage. */
  edge: EdgeStack | undefined;
}

/** The stacks of a stage, by lifetime: what keeps data, what serves it, a stack a product. */
export function makeStacks(app: App, stage: Stage, env: Environment): Stacks {
  const prefix = prefixOf(stage.settings);
  const data = new DataStack(app, `${prefix}-data`, stage, {
    env,
    description: 'What outlives every deployment: table, keys, accounts',
    terminationProtection: true,
  });
  const core = new CoreStack(app, `${prefix}-core`, stage, data, {
    env,
    crossRegionReferences: !isLocal(stage.settings),
    description: 'The platform: APIs, events, identity, workspaces, audit, realtime',
  });
  const control = new ControlStack(app, `${prefix}-control`, stage, data, core, {
    env,
    description: 'SkyClust: credentials, virtual machines',
  });
  const edge = isLocal(stage.settings)
    ? undefined
    : new EdgeStack(app, `${prefix}-edge`, stage, data, core, {
        env: { ...env, region: 'us-east-1' },
        crossRegionReferences: true,
        description: 'The way in: CloudFront, firewall, domain',
      });
  Tags.of(app).add('app', 'skyclust');
  Tags.of(app).add('stage', stage.settings.stage);
  return { data, core, control, edge };
}
