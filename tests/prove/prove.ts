import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { runChecks } from './checks.ts';
import { type JsonReport, readReport } from './report.ts';
import { rows } from './rows.ts';
import { writePage } from './table.ts';

// Runs the proofs at full size and writes docs/proof.md of what they said. `npm run prove -- 1 7` runs those rows alone; the others stay as they are.
// What it takes is there once `npm start` or `npm test` has run.

const root = join(import.meta.dirname, '../..');
const wanted = process.argv.slice(2).map(Number);
const chosen = wanted.length === 0 ? rows : rows.filter(({ nth }) => wanted.includes(nth));
const report = join(root, '.local-prove', 'report.json');

mkdirSync(join(root, '.local-prove'), { recursive: true });
rmSync(report, { force: true });
const files = [...new Set(chosen.flatMap(({ tests }) => tests))];
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
spawnSync(
  process.execPath,
  // At full size a test takes as long as it takes.
  [join(root, 'local/main.mjs'), 'test', ...files, ...reporters, '--testTimeout=1800000', '--hookTimeout=600000'],
  { cwd: root, env: { ...process.env, PROVE: '1' }, stdio: 'inherit' },
);
const results = readReport(JSON.parse(readFileSync(report, 'utf8')) as JsonReport, root);
const checks = chosen.some(({ nth }) => nth === 26) ? runChecks(root) : [];
const machine = `${cpus().length} cores, Node ${process.versions.node}`;
const file = join(root, 'docs', 'proof.md');
const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
const { page, failed } = writePage(chosen, results, checks, { machine, before });
writeFileSync(file, page);
process.exitCode = failed ? 1 : 0;
