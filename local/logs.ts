import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { findProcess, lastLines, logFile, processNames } from './processes/background.ts';
import { emulatorUrl, readSettings, type Settings } from './settings.ts';
import { endWith, Refusal } from './setup/report.mjs';

const FOLLOW_EVERY_MS = 1000;
const LINES_SHOWN = 10;

const clientOptions = (settings: Settings) => ({
  endpoint: emulatorUrl(settings),
  region: settings.region,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

interface Found {
  name: string;
  group: string;
}

const findFunctions = async (settings: Settings): Promise<Found[]> => {
  const found: Found[] = [];
  for await (const { Functions = [] } of paginateListFunctions(
    { client: new LambdaClient(clientOptions(settings)) },
    {},
  )) {
    for (const { FunctionName: name = '', LoggingConfig } of Functions)
      found.push({ name, group: LoggingConfig?.LogGroup ?? `/aws/lambda/${name}` });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
};

const showOverview = async (settings: Settings): Promise<void> => {
  for (const name of processNames.filter((each) => existsSync(logFile(settings, each)))) {
    console.log(`== ${logFile(settings, name)}\n${lastLines(settings, name, LINES_SHOWN)}\n`);
  }
  if (findProcess(settings, 'emulator') === undefined) return;
  const functions = await findFunctions(settings);
  console.log(`Functions (npm run logs <function> [-- -f]):\n${functions.map(({ name }) => `  ${name}`).join('\n')}`);
};

const showFunction = async (settings: Settings, name: string, follow: boolean): Promise<void> => {
  const functions = await findFunctions(settings);
  const found =
    functions.find((each) => each.name === name) ?? functions.find((each) => each.name.endsWith(`-${name}`));
  if (found === undefined) throw new Refusal(`There is no function ${name}: npm run logs lists them.`);
  const client = new CloudWatchLogsClient(clientOptions(settings));
  const seen = new Map<string, number>();
  do {
    for (const line of await newLines(client, found.group, seen)) console.log(line);
    if (follow) await pause(FOLLOW_EVERY_MS);
  } while (follow);
};

/** Lines that are not in `seen` yet, which holds how many of each stream are: the emulator gives events no id. */
const newLines = async (
  client: CloudWatchLogsClient,
  logGroupName: string,
  seen: Map<string, number>,
): Promise<string[]> => {
  const { events = [] } = (await client.send(new FilterLogEventsCommand({ logGroupName })).catch(ignoreMissing)) ?? {};
  const counted = new Map<string, number>();
  const lines: string[] = [];
  for (const { logStreamName = '', timestamp = 0, message = '' } of events) {
    const place = (counted.get(logStreamName) ?? 0) + 1;
    counted.set(logStreamName, place);
    if (place > (seen.get(logStreamName) ?? 0)) lines.push(`${new Date(timestamp).toISOString()} ${message.trimEnd()}`);
  }
  for (const [stream, count] of counted) seen.set(stream, count);
  return lines;
};

// A group is made when its function is called first.
const ignoreMissing = (error: Error): undefined => {
  if (error.name !== 'ResourceNotFoundException') throw error;
};

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { follow: { type: 'boolean', short: 'f', default: false } },
  });
  const settings = readSettings();
  const [name] = positionals;
  if (name === undefined) await showOverview(settings);
  else if (findProcess(settings, 'emulator') === undefined)
    throw new Refusal('The emulator does not run, and holds the logs of functions: npm start.');
  else await showFunction(settings, name, values.follow);
} catch (error) {
  endWith(error);
}
