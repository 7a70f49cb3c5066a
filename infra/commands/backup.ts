// npm run export -- <file> [--stage <stage>] [--table <name>] [--only <beginning of partition keys>]: writes what the table holds into a file.
// npm run import -- <file> [--stage <stage>] [--table <name>] [--into-full | --keep-audit]: puts it into an empty table, and compares.
// npm run import -- <file> [--stage <stage>] --workspace <id>: brings back one workspace of it that is gone.
// npm run wipe -- <file> [--stage <stage>] --confirm <name of the table>: empties the table for that backup, but for its audit log.
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { exportTable } from './backup/export-table.ts';
import { compareImport, importTable } from './backup/import-table.ts';
import { importWorkspace } from './backup/import-workspace.ts';
import { createBackupTable } from './backup/table.ts';
import { wipeTable } from './backup/wipe-table.ts';
import { stageOf } from './stage-of.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stage: { type: 'string' },
    table: { type: 'string' },
    'into-full': { type: 'boolean' },
    'keep-audit': { type: 'boolean' },
    workspace: { type: 'string' },
    only: { type: 'string' },
    confirm: { type: 'string' },
  },
});

const shownAtMost = 20;

function listed(keys: readonly string[]): string {
  const more = keys.length > shownAtMost ? [`and ${keys.length - shownAtMost} more`] : [];
  return [...keys.slice(0, shownAtMost), ...more].map((line) => `\n  ${line}`).join('');
}

async function importWhole(table: ReturnType<typeof createBackupTable>, file: string, name: string): Promise<void> {
  const options = { intoFull: values['into-full'] === true, keepAudit: values['keep-audit'] === true, run: new Date() };
  await importTable(table, file, options);
  const { items, missing, changed } = await compareImport(table, file, options);
  if (missing.length > 0) throw new Error(`${name} lacks ${missing.length} of ${items} items:${listed(missing)}`);
  console.log(`all ${items} items of ${file} are in ${name}`);
  if (changed.length > 0)
    console.log(`${changed.length} of them have changed since they were put there:${listed(changed)}`);
}

async function run(): Promise<void> {
  const [verb, file] = positionals;
  const stage = stageOf(values.stage);
  const name = values.table ?? `skyclust-${stage}`;
  const table = createBackupTable(new DynamoDBClient({}), name);
  if (file === undefined) throw new Error(`name the file: npm run ${verb} -- <file> --stage ${stage}`);
  if (verb === 'export') {
    const heading = { format: 'skyclust-backup-1', table: name, exported_at: new Date().toISOString() } as const;
    const only = values.only === undefined ? {} : { only: values.only };
    const { items, sha256_sum } = await exportTable(table, file, heading, only);
    console.log(`${items} items of ${name} are in ${file}, sum ${sha256_sum}`);
  } else if (verb === 'wipe') {
    const gone = await wipeTable(table, { file, tableName: name, confirm: values.confirm });
    console.log(`${gone} items are gone from ${name}: npm run import -- ${file} --stage ${stage} --keep-audit`);
  } else if (values.workspace !== undefined) {
    const restored = await importWorkspace(table, file, values.workspace);
    console.log(`the workspace ${restored.name} is back, with ${restored.vms} VMs and ${restored.members} members`);
    if (restored.gone.length > 0) console.log(`its other members are no users any more:${listed(restored.gone)}`);
  } else await importWhole(table, file, name);
}

await run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
