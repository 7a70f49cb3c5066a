import { globSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build, type Metafile } from 'esbuild';

export const root = join(import.meta.dirname, '..');
const outDirectory = join(root, 'dist/functions');

/** Every function's entry file by its name. */
export function findEntries(): ReadonlyMap<string, string> {
  const files = globSync(['functions/*/handlers/*.lambda.ts', 'functions/platform/*/handlers/*.lambda.ts'], { cwd: root });
  return new Map(files.sort().map((file) => [basename(file, '.lambda.ts'), file]));
}

/** The folder of a function's bundle, which is its asset. */
export const bundleOf = (name: string): string => join(outDirectory, name);

/** Bundles all entries in one pass, which shares the parsed modules: 20 functions take some 50 ms instead of seconds. */
export async function bundleFunctions(): Promise<Metafile> {
  const entries = findEntries();
  rmSync(outDirectory, { recursive: true, force: true });
  mkdirSync(outDirectory, { recursive: true });
  const result = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries([...entries].map(([name, file]) => [`${name}/index`, file])),
    outdir: outDirectory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': join(root, 'functions/platform/environment-credentials.ts') },
    metafile: true,
    logLevel: 'warning',
  });
  return result.metafile;
}

export const sizeOf = (metafile: Metafile): ReadonlyMap<string, number> =>
  new Map(Object.entries(metafile.outputs).map(([file, output]) => [basename(dirname(file)), output.bytes]));
