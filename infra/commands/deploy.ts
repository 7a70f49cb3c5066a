// npm run deploy [-- -c stage=prod …]: deploys a stage to the AWS account that the credentials in the environment are of, then its site.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../bundle.ts';
import { readContext } from '../context.ts';
import { isLocal } from '../local-stage.ts';
import { refuseLostSettings } from '../lost-settings.ts';
import { prefixOf, readSettings } from '../settings.ts';
import { buildSite } from '../site.ts';
import { cloudFormationIn, readDeployedSettings } from './deployed-settings.ts';
import { publishSite } from './publish-site.ts';
import { unheardTopics } from './unheard-topics.ts';

const args = process.argv.slice(2);
const context = readContext(args);

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function readSettingsOrFail() {
  try {
    return readSettings(context);
  } catch (error) {
    return fail((error as Error).message);
  }
}

const settings = readSettingsOrFail();
if (isLocal(settings))
  fail('The local stage is what npm start runs: give another, as in npm run deploy -- -c stage=dev.');

const outputsFile = join(root, 'dist', `outputs-${settings.stage}.json`);
mkdirSync(dirname(outputsFile), { recursive: true });
const cdk = (...words: string[]): void => {
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules/aws-cdk/bin/cdk'), ...words], {
    cwd: root,
    stdio: 'inherit',
    // The app is run by `node`: this one, whatever the shell has.
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
  });
  if (status !== 0) process.exit(status ?? 1);
};

/** The region that the app was synthesised for, which may be that of the shell or of a profile. */
function regionOf(stackName: string): string | undefined {
  const { artifacts } = JSON.parse(readFileSync(join(root, 'cdk.out/manifest.json'), 'utf8'));
  const region = /^aws:\/\/[^/]+\/(.+)$/.exec(artifacts[stackName]?.environment)?.[1];
  return region === 'unknown-region' ? undefined : region;
}

async function refuseLost(): Promise<void> {
  const stack = `${prefixOf(settings)}-data`;
  try {
    const deployed = await readDeployedSettings(stack, cloudFormationIn(regionOf(stack)));
    if (deployed !== undefined) refuseLostSettings(context, deployed, settings);
  } catch (error) {
    fail((error as Error).message);
  }
}

// Apart, since a deployment alone goes on in spite of what cdk-nag finds.
cdk('synth', '--quiet', ...args);
await refuseLost();
cdk('deploy', '--all', '--app', 'cdk.out', '--outputs-file', outputsFile, ...args);

const outputs = JSON.parse(readFileSync(outputsFile, 'utf8')) as Record<string, Record<string, string> | undefined>;
const prefix = prefixOf(settings);
const bucket = outputs[`${prefix}-data`]?.SiteBucketName;
const { DistributionId, SiteUrl } = outputs[`${prefix}-edge`] ?? {};
if (bucket === undefined || DistributionId === undefined) fail('The stacks have no site: were all of them deployed?');
await buildSite();
await publishSite(bucket, DistributionId, settings.region);
console.log(`Deployed: ${SiteUrl}`);

const topics = ['data', 'edge'].flatMap((stack) => outputs[`${prefix}-${stack}`]?.AlertTopicArn ?? []);
for (const topic of settings.adminEmail === '' ? [] : await unheardTopics(settings.adminEmail, topics))
  console.log(
    `Alarms of ${topic} do not reach ${settings.adminEmail} until the mail that SNS sent there is confirmed.`,
  );
