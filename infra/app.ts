import { App } from 'aws-cdk-lib';
import { bundleFunctions } from './bundle.ts';
import { prefixOf, readSettings } from './settings.ts';
import { CoreStack } from './stacks/core.ts';
import { DataStack } from './stacks/data.ts';

const app = new App();
const settings = readSettings(app.node);
const prefix = prefixOf(settings);
const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION } = process.env;
const region = settings.region ?? CDK_DEFAULT_REGION;
const env = { ...(account && { account }), ...(region && { region }) };

await bundleFunctions();
const data = new DataStack(app, `${prefix}-data`, settings, { env });
new CoreStack(app, `${prefix}-core`, settings, data, { env });
app.synth();
