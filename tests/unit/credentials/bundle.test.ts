import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url).pathname;

/** What a function's bundle holds of ours. */
async function inputsOf(entry: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    outfile: 'bundle.mjs',
  });
  return Object.keys(metafile.inputs);
}

describe('what opens secrets', () => {
  const opener = 'functions/platform/crypto/open.ts';

  it('is in the bundles of those that call clouds or encrypt anew, and of no other', async () => {
    const api = await inputsOf('functions/credentials/handlers/credentials-api.lambda.ts');
    expect(api).toContain('functions/platform/crypto/seal.ts');
    expect(api).not.toContain(opener);
    expect(await inputsOf('functions/workspaces/handlers/workspaces-api.lambda.ts')).not.toContain(opener);
    expect(await inputsOf('functions/compute/handlers/compute-api.lambda.ts')).not.toContain(opener);
    expect(await inputsOf('functions/compute/handlers/vm-steps.lambda.ts')).toContain(opener);
    expect(await inputsOf('functions/credentials/handlers/credential-checks.lambda.ts')).toContain(opener);
  });
});
