// npm run deploy [-- -c stage=prod …]: deploys a stage to the AWS account that the credentials in the environment are of, then its site.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../bundle.ts';
import { readContext } from '../context.ts';
import { isLocal } from '../local-stage.ts';
import { prefixOf, readSettings } from '../settings.ts';
import { buildSite } from '../site.ts';
import { publishSite } from './publish-site.ts';
import { unheardTopics } from './unheard-topics.ts';

const args = process.argv.slice(2);

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function readSettingsOrFail() {
  try {
    return readSettings(readContext(args));
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

// Apart, since a deployment alone goes on in spite of what cdk-nag finds.
cdk('synth', '--quiet', ...args);
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
