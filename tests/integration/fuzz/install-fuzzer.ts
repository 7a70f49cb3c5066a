import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const requirements = join(import.meta.dirname, 'requirements.txt');
/** The local stack's own, which has the interpreter but not the packages. */
export const python = join(root, '.venv/bin/python');

/** Why the fuzzer can not run here, in one sentence; undefined where it can. */
export function whyNotHere(): string | undefined {
  const version = execFileSync(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], {
    encoding: 'utf8',
  }).trim();
  const [, minor = 0] = version.split('.').map(Number);
  return minor >= 11 ? undefined : `cannot fuzz: schemathesis takes Python 3.11 or newer, and python3 is ${version}`;
}

/** Installs it beside the local stack's packages, once for each state of requirements.txt, and answers the folder. */
export function installFuzzer(): string {
  const stamp = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(root, `.local-fuzz-${stamp}`);
  if (existsSync(folder)) return folder;
  // Into place at once, so that half an installation is never taken for a whole one.
  const begun = mkdtempSync(join(root, '.local-fuzz-begun-'));
  try {
    execFileSync(
      python,
      ['-m', 'pip', 'install', '--quiet', '--no-deps', '--no-compile', '--disable-pip-version-check'].concat(
        ['--target', begun],
        ['-r', requirements],
      ),
      { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' },
    );
    if (!existsSync(folder)) renameSync(begun, folder);
  } catch (error) {
    throw new Error(`cannot install the fuzzer: ${(error as { stderr?: string }).stderr ?? error}`);
  } finally {
    rmSync(begun, { recursive: true, force: true });
  }
  return folder;
}
