import { globSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { leaveOut, neverLoaded } from './left-out.ts';
import { writeChanged } from './write-changed.ts';

export const root = join(import.meta.dirname, '..');
const outDirectory = join(root, 'dist/functions');

/** Every function's entry file by its name. */
export function findEntries(): ReadonlyMap<string, string> {
  const files = globSync(['functions/*/handlers/*.lambda.ts', 'functions/platform/*/handlers/*.lambda.ts'], {
    cwd: root,
  });
  return new Map(files.sort().map((file) => [basename(file, '.lambda.ts'), file]));
}

/** The folder of a function's bundle, which is its asset. */
export const bundleOf = (name: string): string => join(outDirectory, name);

const options: BuildOptions & { metafile: true; write: false } = {
  absWorkingDir: root,
  outdir: outDirectory,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  // A function has its credentials in the environment: the chain of files, SSO and instance metadata is 130 KB that never runs.
  alias: { '@aws-sdk/credential-provider-node': join(root, 'functions/platform/environment-credentials.ts') },
  external: neverLoaded,
  plugins: [leaveOut],
  // Korean sentences as they are take half the bytes of their escapes.
  charset: 'utf8',
  sourcemap: 'external',
  sourcesContent: false,
  legalComments: 'none',
  metafile: true,
  write: false,
  logLevel: 'warning',
};

/** Beside the assets, not in them: they would be most of an upload, and a stack trace is read where the source is. */
const mapOf = (path: string): string => join(root, 'dist/maps', `${basename(dirname(path))}.mjs.map`);

export interface Bundles {
  /** The functions' names. */
  names: ReadonlySet<string>;
  files: { path: string; contents: Uint8Array }[];
  metafile: Metafile;
}

/** Bundles all entries in one pass, which shares the parsed modules: together they take little longer than one, instead of seconds. */
export async function bundleFunctions(): Promise<Bundles> {
  const entries = findEntries();
  const entryPoints = Object.fromEntries([...entries].map(([name, file]) => [`${name}/index`, file]));
  const { outputFiles, metafile } = await build({ ...options, entryPoints });
  return { names: new Set(entries.keys()), files: outputFiles, metafile };
}

/** Writes bundles for the deployment to take, and drops those of functions that are gone. */
export function writeBundles({ names, files }: Bundles): void {
  for (const { path, contents } of files) writeChanged(path.endsWith('.map') ? mapOf(path) : path, contents);
  for (const name of readdirSync(outDirectory)) {
    if (!names.has(name)) rmSync(bundleOf(name), { recursive: true, force: true });
  }
}

/** The bytes of each function's bundle. */
export const bundleSizes = ({ outputs }: Metafile): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(outputs)
      .filter(([file]) => file.endsWith('.mjs'))
      .map(([file, { bytes }]) => [basename(dirname(file)), bytes]),
  );
