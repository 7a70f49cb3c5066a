import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What a deployment is made of. A change anywhere else needs none. */
const inputs = ['app.ts', 'contracts', 'functions', 'infra', 'state-machines', 'cdk.json', 'package-lock.json'];

const filesOf = (root: string, path: string): string[] => {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  const entries = readdirSync(full, { withFileTypes: true, recursive: true });
  // Python writes its caches beside the sources, as they are first imported.
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith('__pycache__'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
};

/** A hash of the files' names and contents, and of whatever else is given. */
export const hashFiles = (root: string, paths: readonly string[], more: unknown = null): string => {
  const hash = createHash('sha256').update(JSON.stringify(more));
  const files = paths.flatMap((path) => (path.includes('.') ? [path] : filesOf(root, path)));
  for (const file of files.filter((name) => existsSync(join(root, name))).sort()) {
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
};

/** Of all that a deployment of the app in this folder would be made of, with these settings. */
export const hashInputs = (app: string, settings: unknown): string => hashFiles(app, inputs, settings);
