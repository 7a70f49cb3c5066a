import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Has this process and all that it starts make their temporary files in one folder, which goes when it ends. */
export function keepTemporaryFiles(): void {
  const folder = mkdtempSync(join(tmpdir(), 'skyclust-tests-'));
  process.env['TMPDIR'] = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
}
