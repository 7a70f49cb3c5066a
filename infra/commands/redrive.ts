// npm run redrive [queue] [-- --stage <stage>]: lists what waits in the dead-letter queues, or hands back what waits in one.
import { parseArgs } from 'node:util';
import { type DeadLetterName, deadLetters } from '../dead-letters.ts';
import { redriveQueue } from '../redrive.ts';
import { createRedrivePorts } from './redrive-ports.ts';
import { stageOf } from './stage-of.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { stage: { type: 'string' } } });
const ports = createRedrivePorts(`skyclust-${stageOf(values.stage)}`);
const [name] = positionals;

const isKnown = (text: string): text is DeadLetterName => Object.hasOwn(deadLetters, text);

async function list(): Promise<void> {
  for (const queue of Object.keys(deadLetters))
    console.log(`${String(await ports.depth(queue)).padStart(6)}  ${queue}`);
}

async function redrive(queue: DeadLetterName): Promise<void> {
  const { moved, failed } = await redriveQueue(queue, deadLetters[queue], ports);
  console.log(`${queue}: ${moved} handed back, ${failed.length} failed`);
  for (const { id, reason } of failed) console.error(`  ${id}: ${reason}`);
  if (failed.length > 0) process.exitCode = 1;
}

if (name === undefined) await list();
else if (isKnown(name)) await redrive(name);
else {
  console.error(`There is no queue ${name}: use one of ${Object.keys(deadLetters).join(', ')}.`);
  process.exitCode = 1;
}
