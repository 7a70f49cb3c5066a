import { execFileSync } from 'node:child_process';

const platforms = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];
const majorOf = (version) => Number(version.replace(/^v/, '').split('.')[0]);

/** Why this machine cannot run the local stack, in one sentence; undefined when it can. */
export const checkMachine = ({ version, platform, arch }) => {
  if (majorOf(version) < 20) {
    return `Node 20 or newer is needed and this is ${version}: install Node 24 (https://nodejs.org) and run the command again.`;
  }
  if (!platforms.includes(`${platform}-${arch}`)) {
    return `Linux or macOS is needed and this is ${platform} ${arch}: run the command on one of them (on Windows: in WSL 2).`;
  }
  return undefined;
};

/** Why this Node cannot run the project's TypeScript when no packaged Node 24 fits the machine. */
export const checkOwnNode = (version) =>
  majorOf(version) >= 24
    ? undefined
    : `Node 24 is needed on this system, for which none is packaged, and this is ${version}: install it (https://nodejs.org) and run the command again.`;

const probe = 'import sys, ensurepip, venv; print("%d.%d" % sys.version_info[:2])';

/** Why python3 is no use, in one sentence; undefined when it is. `run` answers what `python3 -c <code>` prints. */
export const checkPython = (
  run = (code) => execFileSync('python3', ['-c', code], { encoding: 'utf8', stdio: 'pipe' }),
) => {
  let version;
  try {
    version = run(probe).trim();
  } catch (error) {
    if (error.code === 'ENOENT' || error.status === 127) {
      return 'python3 is missing: install Python 3.10 or newer (Debian, Ubuntu: sudo apt-get install python3 python3-venv; macOS: brew install python) and run the command again.';
    }
    return 'python3 has no venv module: install it (Debian, Ubuntu: sudo apt-get install python3-venv) and run the command again.';
  }
  const [major, minor] = version.split('.').map(Number);
  if (major < 3 || (major === 3 && minor < 10)) {
    return `Python 3.10 or newer is needed and python3 is ${version}: install a newer one, put it first on PATH and run the command again.`;
  }
  return undefined;
};
