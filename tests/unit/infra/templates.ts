import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { readContext } from '../../../infra/context.ts';
import { makeStacks } from '../../../infra/make-stacks.ts';
import { readSettings } from '../../../infra/settings.ts';

export interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: templates have every shape
  Properties: any;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  DependsOn?: string | string[];
}

export interface Templates {
  data: Template;
  core: Template;
  control: Template;
  edge: Template | undefined;
}

/** The templates of a stage as it is deployed, but for the code: bundling is what takes time, and nothing here looks into it. */
export function synthesise(stage: 'dev' | 'local', ...context: string[]): Templates {
  const id = [stage, ...context].join(' ');
  const templates = made.get(id) ?? makeTemplates(stage, context);
  made.set(id, templates);
  return templates;
}

/** Synthesis takes seconds, and the files that ask for the same stage share a worker. */
const made = new Map<string, Templates>();

function makeTemplates(stage: string, context: string[]): Templates {
  const args = [`stage=${stage}`, ...context].flatMap((pair) => ['-c', pair]);
  const settings = readSettings(readContext(args));
  const app = new App({
    context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' },
    analyticsReporting: false,
  });
  const stacks = makeStacks(
    app,
    {
      settings,
      version: '0.0.0',
      codeOf: () => Code.fromInline('exports.handler = async () => {};'),
      definitionOf: () => '{"StartAt":"Done","States":{"Done":{"Type":"Task","Resource":"${VmStepsArn}","End":true}}}',
    },
    { account: '111122223333', region: 'eu-west-1' },
  );
  return {
    data: Template.fromStack(stacks.data),
    core: Template.fromStack(stacks.core),
    control: Template.fromStack(stacks.control),
    edge: stacks.edge && Template.fromStack(stacks.edge),
  };
}

/** Resources of a type, of all given stacks. */
export const resourcesOf = (type: string, ...templates: (Template | undefined)[]): Resource[] =>
  templates.flatMap((template) => Object.values(template?.findResources(type) ?? {}) as Resource[]);

/** The only resource of its type. */
export function onlyOne(type: string, template: Template): Resource {
  const all = resourcesOf(type, template);
  if (all.length !== 1 || all[0] === undefined) throw new Error(`cannot pick: there are ${all.length} of ${type}`);
  return all[0];
}
