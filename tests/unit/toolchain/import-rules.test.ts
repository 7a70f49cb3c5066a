import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');

/** Folder of the importing file → what it may and may not import. */
const rules: Record<string, { allowed: string[]; refused: string[] }> = {
  contracts: { allowed: ['./errors.ts', 'zod'], refused: ['node:fs', '../functions/platform/env.ts', 'uuid'] },
  'contracts/vms': {
    allowed: ['./routes.ts', '../errors.ts', '../shared/fields.ts', 'zod'],
    refused: ['node:crypto', '../../functions/platform/env.ts', '../../infra/settings.ts'],
  },
  'functions/vms/domain': {
    allowed: ['./vm.ts', '../../../contracts/vms/states.ts', 'node:crypto'],
    refused: ['../ports.ts', '../store/vm.ts', '../use-cases/stop.ts', '../../platform/table/index.ts', 'node:fs'],
  },
  'functions/vms/use-cases': {
    allowed: ['../domain/vm.ts', '../ports.ts', '../../platform/api/call.ts', '../../nodes/index.ts'],
    refused: [
      '../store/vm.ts',
      '../index.ts',
      '../../platform/table/index.ts',
      '../../nodes/domain/node.ts',
      '@aws-sdk/client-ec2',
      'node:fs',
    ],
  },
  'functions/vms/store': {
    allowed: ['../domain/vm.ts', '../ports.ts', '../../platform/table/index.ts', '@aws-sdk/client-s3', 'node:zlib'],
    refused: [
      '../use-cases/stop.ts',
      '../handlers/vms.lambda.ts',
      '../../nodes/store/node.ts',
      '../../../infra/app.ts',
    ],
  },
  'functions/vms/providers/aws': {
    allowed: [
      './ec2.ts',
      '../provider.ts',
      '../../ports.ts',
      '../../../platform/retry/series.ts',
      '@aws-sdk/client-ec2',
    ],
    refused: ['../../use-cases/stop.ts', '../../store/vm.ts', '../../../nodes/index.ts'],
  },
  'functions/vms/handlers': {
    allowed: ['../store/vm.ts', '../use-cases/stop.ts', '../../platform/env.ts', '../../nodes/index.ts', 'uuid'],
    refused: ['../../nodes/store/node.ts', '@aws-sdk/client-ec2', '../../../local/settings.ts'],
  },
  'functions/vms': {
    allowed: ['./store/vm.ts', '../nodes/index.ts', '../platform/table/index.ts', '../../contracts/errors.ts'],
    refused: ['../nodes/store/node.ts', '@aws-sdk/client-ec2', '../../infra/settings.ts'],
  },
  'functions/platform': { allowed: ['./table/index.ts', '../../contracts/errors.ts'], refused: ['../vms/index.ts'] },
  'functions/platform/api': {
    allowed: ['../table/index.ts', '../../../contracts/route.ts', '@aws-sdk/client-kms'],
    refused: ['../../vms/index.ts', '../../vms/domain/vm.ts', '../../../infra/settings.ts'],
  },
  infra: {
    allowed: ['./settings.ts', '../contracts/routes.ts', 'aws-cdk-lib'],
    refused: ['../functions/vms/index.ts'],
  },
  'infra/stacks': {
    allowed: ['../settings.ts', '../../contracts/routes.ts', 'aws-cdk-lib'],
    refused: ['../../functions/platform/env.ts', '../../local/settings.ts', '@aws-sdk/client-s3'],
  },
  'infra/commands': { allowed: ['../settings.ts', '@aws-sdk/client-s3'], refused: ['../../functions/platform/env.ts'] },
  'local/edge': {
    allowed: ['../settings.ts', '../../infra/browser-policies.ts', '@aws-sdk/client-s3'],
    refused: ['../../functions/platform/env.ts', '../../infra/stacks/edge.ts'],
  },
  'web/pages': {
    allowed: ['./login.ts', '../../contracts/route.ts'],
    refused: ['../../functions/vms/domain/vm.ts', '../../infra/settings.ts', '@aws-sdk/client-s3'],
  },
  'sdk/typescript': { allowed: ['../../contracts/route.ts'], refused: ['../../functions/platform/env.ts'] },
  'agents/host-agent': { allowed: ['../../contracts/route.ts'], refused: ['../../functions/platform/env.ts'] },
};

interface Finding {
  check_name: string;
  location: { path: string };
}

const folder = mkdtempSync(join(tmpdir(), 'import-rules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** What Biome, with the project's own settings, finds in the folder: `rule path`. */
function lint(): Set<string> {
  const settings = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
  write('biome.json', JSON.stringify({ ...settings, $schema: undefined, vcs: { enabled: false } }));
  let report: string;
  try {
    report = execFileSync(process.execPath, [biome, 'lint', '--reporter=gitlab', '--max-diagnostics=none'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch (error) {
    // It ends with 1 where it finds something; what it found is its output all the same.
    report = (error as { stdout: string }).stdout;
  }
  const findings = JSON.parse(report) as Finding[];
  return new Set(
    findings.map(({ check_name, location }) => `${check_name} ${relative(folder, join(folder, location.path))}`),
  );
}

const cases = Object.entries(rules).flatMap(([from, { allowed, refused }]) =>
  [...allowed.map((name) => [name, false] as const), ...refused.map((name) => [name, true] as const)].map(
    ([name, isRefused], index) => ({ from, name, isRefused, file: `${from}/case-${index}.ts` }),
  ),
);
const portsCases = [
  { name: './domain/vm.ts', isRefused: false, file: 'functions/a/ports.ts' },
  { name: '../platform/api/call.ts', isRefused: false, file: 'functions/b/ports.ts' },
  { name: './store/vm.ts', isRefused: true, file: 'functions/c/ports.ts' },
  { name: '@aws-sdk/client-kms', isRefused: true, file: 'functions/d/ports.ts' },
].map((one) => ({ ...one, from: 'functions/vms/ports.ts' }));
const all = [...cases, ...portsCases];

for (const { file, name } of all) write(file, `import type { Thing } from '${name}';\nexport type Mine = Thing;\n`);
write('functions/vms/dynamic.ts', "export const load = () => import('../nodes/store/node.ts');\n");
write('functions/vms/passed-on.ts', "export { node } from '../nodes/store/node.ts';\n");
write('infra/one.ts', "import { two } from './two.ts';\nexport const one = () => two;\n");
write('infra/two.ts', "import { one } from './one.ts';\nexport const two = () => one;\n");
const found = lint();

describe('the linter', () => {
  it.each(all.filter(({ isRefused }) => isRefused))('refuses $name in $from', ({ file }) => {
    expect(found).toContain(`lint/style/noRestrictedImports ${file}`);
  });

  it.each(all.filter(({ isRefused }) => !isRefused))('allows $name in $from', ({ file }) => {
    expect(found).not.toContain(`lint/style/noRestrictedImports ${file}`);
  });

  it.each(['functions/vms/dynamic.ts', 'functions/vms/passed-on.ts'])('refuses it too as %s does', (file) => {
    expect(found).toContain(`lint/style/noRestrictedImports ${file}`);
  });

  it('refuses a circle of imports', () => {
    expect(found).toContain('lint/suspicious/noImportCycles infra/one.ts');
  });
});
