import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url).pathname;

/** What a function would bundle of these modules. */
async function bundle(modules: readonly string[]) {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: modules.map((name) => `export * from './functions/platform/${name}';`).join('\n'),
      resolveDir: root,
      loader: 'ts',
    },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    alias: { '@aws-sdk/credential-provider-node': './functions/platform/environment-credentials.ts' },
    outfile: 'bundle.mjs',
  });
  const taken = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return {
    text: outputFiles[0]?.text ?? '',
    inputs: taken.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path),
  };
}

describe('the platform in a bundle', () => {
  it('is within 300 KB: table, meter, logs, metrics and environment', async () => {
    const { text, inputs } = await bundle(['table/index.ts', 'meter.ts', 'logger.ts', 'metrics.ts', 'env.ts']);
    expect(text.length / 1024).toBeLessThan(300);
    const unwanted = /credential-provider|client-sso|nested-clients|xml-builder/;
    expect(inputs.filter((path) => unwanted.test(path))).toEqual([]);
  });

  it('does not hold the command that opens secrets where they are only sealed', async () => {
    const { text } = await bundle(['crypto/kms-client.ts', 'crypto/seal.ts']);
    expect(text).toContain('GenerateDataKey');
    expect(text).not.toContain('"Decrypt"');
    const { text: opening } = await bundle(['crypto/open.ts']);
    expect(opening).toContain('"Decrypt"');
  });
});
