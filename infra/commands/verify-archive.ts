// npm run verify-archive <folder>: checks archived days of audit rows that were copied from the bucket, with nothing but the files.
import { stdout } from 'node:process';
import { readArchiveFolder } from './archive/read-folder.ts';
import { verifyArchive } from './archive/verify.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: npm run verify-archive <folder with manifest-*.json and *.ndjson.gz of days>');
  process.exit(2);
}
const { days, blocks, rows, wrong } = verifyArchive(readArchiveFolder(folder));
for (const line of wrong) console.error(line);
stdout.write(
  `${days} days, ${blocks} blocks, ${rows} rows: ${wrong.length === 0 ? 'as they were chained' : `${wrong.length} faults`}\n`,
);
if (wrong.length > 0) process.exitCode = 1;
