import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPython } from './check-machine.mjs';
import { Refusal, step } from './report.mjs';
import { run } from './run.mjs';

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Whether node_modules holds what package-lock.json says. Packages for other systems may be missing. */
export const packagesAreCurrent = (root) => {
  try {
    const wanted = readJson(join(root, 'package-lock.json')).packages;
    const installed = readJson(join(root, 'node_modules', '.package-lock.json')).packages;
    return Object.entries(wanted).every(
      ([path, { version, optional }]) =>
        path === '' ||
        !path.startsWith('node_modules/') ||
        (installed[path] ? installed[path].version === version : optional),
    );
  } catch {
    return false;
  }
};

const installPackages = (root) =>
  run('npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline'], {
    cwd: root,
    tells: /npm error (?!A complete log|$)/m,
  });

const stampOf = (root) =>
  createHash('sha256')
    .update(readFileSync(join(root, 'local', 'requirements.txt')))
    .digest('hex');
const stampFile = (root) => join(root, '.venv', 'requirements.sha256');

/** Whether .venv was made from requirements.txt as it stands, by a Python that is still there. */
export const pythonIsCurrent = (root) => {
  try {
    return existsSync(join(root, '.venv', 'bin', 'python')) && readFileSync(stampFile(root), 'utf8') === stampOf(root);
  } catch {
    return false;
  }
};

const installPython = async (root) => {
  const venv = join(root, '.venv');
  rmSync(venv, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', venv]);
  // Compiled when first imported instead: most of botocore never is.
  const quick = ['--no-deps', '--no-compile', '--disable-pip-version-check', '--quiet'];
  await run(join(venv, 'bin', 'python'), [
    '-m',
    'pip',
    'install',
    ...quick,
    '-r',
    join(root, 'local', 'requirements.txt'),
  ]);
  writeFileSync(stampFile(root), stampOf(root));
};

/** Brings node_modules and .venv up to date, both at once. */
export const install = async (root) => {
  const python = pythonIsCurrent(root);
  const problem = python ? undefined : checkPython();
  if (problem) throw new Refusal(problem);
  const results = await Promise.allSettled([
    packagesAreCurrent(root) || step('npm packages (npm ci)', () => installPackages(root)),
    python || step('Python packages (.venv)', () => installPython(root)),
  ]);
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed) throw new Refusal(failed.reason.message);
};
