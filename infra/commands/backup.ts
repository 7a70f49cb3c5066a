// npm run export -- <file> [--stage <stage>] [--table <name>] [--only <beginning of partition keys>]: writes what the table holds into a file.
// npm run import -- <file> [--stage <stage>] [--table <name>] [--into-full]: puts it into an empty table, and compares.
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readContext } from '../context.ts';
import { useLocalEmulator } from '../local-stage.ts';
import { exportTable } from './backup/export-table.ts';
import { importTable, sumOf } from './backup/import-table.ts';
import { createBackupTable } from './backup/table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stage: { type: 'string' },
    table: { type: 'string' },
    'into-full': { type: 'boolean' },
    only: { type: 'string' },
  },
});
const [verb, file] = positionals;
const stage = values.stage ?? process.env.STAGE ?? String(readContext([]).tryGetContext('stage'));
if (stage === 'local') useLocalEmulator();
const name = values.table ?? `skyclust-${stage}`;
const table = createBackupTable(new DynamoDBClient({}), name);

async function run(): Promise<void> {
  if (file === undefined) throw new Error(`name the file: npm run ${verb} -- <file> --stage ${stage}`);
  if (verb === 'export') {
    const heading = { format: 'skyclust-backup-1', table: name, exported_at: new Date().toISOString() } as const;
    const { items, sha256_sum } = await exportTable(
      table,
      file,
      heading,
      values.only === undefined ? {} : { only: values.only },
    );
    console.log(`${items} items of ${name} are in ${file}, sum ${sha256_sum}`);
    return;
  }
  const expected = await importTable(table, file, { intoFull: values['into-full'] === true });
  const found = await sumOf(table);
  console.log(`${expected.items} items of ${file} are in ${name}`);
  if (found.sha256_sum === expected.sha256_sum) console.log(`the table is what was exported, sum ${found.sha256_sum}`);
  else if (values['into-full'] === true) console.log('the table holds more than the file, as it did before');
  else throw new Error(`the table differs from the file: ${found.items} items, sum ${found.sha256_sum}`);
}

await run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
