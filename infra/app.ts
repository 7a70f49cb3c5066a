import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundleFunctions, bundleOf, root, writeBundles } from './bundle.ts';
import { makeStacks } from './make-stacks.ts';
import { readSettings } from './settings.ts';
import { buildSite } from './site.ts';

const app = new App();
const settings = readSettings(app.node);
const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION } = process.env;
const region = settings.region ?? CDK_DEFAULT_REGION;
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

const [bundles] = await Promise.all([bundleFunctions(), buildSite()]);
writeBundles(bundles);
const stage = {
  settings,
  version,
  codeOf: (name: string) => Code.fromAsset(bundleOf(name)),
  definitionOf: (name: string) => {
    const file = join(root, 'state-machines', name, `${name}.asl.json`);
    return JSON.stringify(JSON.parse(readFileSync(file, 'utf8')));
  },
};
makeStacks(app, stage, { ...(account && { account }), ...(region && { region }) });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
