import { createHash, createHmac } from 'node:crypto';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { type Bundles, bundleFunctions, bundleSizes, root } from '../../../infra/bundle.ts';
import { functions } from '../../../infra/functions.ts';
import { leaveOut } from '../../../infra/left-out.ts';

/** As esbuild counts them. */
const kb = 1024;
const { metafile } = await bundleFunctions();
const sizes = bundleSizes(metafile);
const names = Object.keys(functions) as (keyof typeof functions)[];

/** What enters the users' clouds holds their clients. */
const budgetOf = (name: keyof typeof functions): number => ('assumesRoles' in functions[name] ? 1000 * kb : 400 * kb);

describe('the bundle of', () => {
  it.each(names)('%s keeps its budget', (name) => {
    expect(sizes.get(name), `bytes of ${name}`).toBeLessThanOrEqual(budgetOf(name));
  });

  it.each(names)('%s takes its credentials from the environment alone', (name) => {
    const inputs = Object.keys(metafile.outputs[`dist/functions/${name}/index.mjs`]?.inputs ?? {});
    expect(inputs.length).toBeGreaterThan(name === 'token-scopes' ? 0 : 10);
    expect(inputs.filter((file) => /credential-provider-(ini|sso|imds|process|node)\//.test(file))).toEqual([]);
  });

  it('each function is the same each time, so that only what changed is deployed', async () => {
    const hashesOf = ({ files }: Bundles) =>
      files.map(({ path, contents }) => [path, createHash('sha256').update(contents).digest('hex')]);
    const [one, other] = await Promise.all([bundleFunctions(), bundleFunctions()]);
    expect(hashesOf(one)).toEqual(hashesOf(other));
  });
});

const isError = (value: unknown): boolean =>
  typeof value === 'function' && typeof (value as { shapeId?: unknown }).shapeId === 'string';

describe('a bundle', () => {
  const load = async (contents: string) => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: root },
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      mainFields: ['module', 'main'],
      plugins: [leaveOut],
    });
    return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? '').toString('base64')}`);
  };

  it('parses as zod does, and refuses to make a JSON schema', async () => {
    const { z } = await load("import * as z from 'zod'; export { z };");
    const schema = z.strictObject({ name: z.string().min(2), size: z.int().optional() });
    expect(schema.parse({ name: 'ab' })).toEqual({ name: 'ab' });
    expect(schema.safeParse({ name: 'a' }).success).toBe(false);
    expect(() => z.toJSONSchema(schema)).toThrow('left out of the bundle');
  });

  it.each([
    ['cognito-identity-provider', 50],
    ['kms', 40],
    ['dynamodb', 30],
  ])('knows the errors of %s by their names, faults, messages and fields', async (client, atLeast) => {
    const path = `@aws-sdk/client-${client}`;
    const real: Record<string, unknown> = { ...(await import(path)) };
    const bundled = await load(`export * from '${path}'`);
    const errors = Object.keys(real).filter(
      (name) => /Exception$|Error$|Exceeded$|Found$/.test(name) && isError(real[name]),
    );
    expect(errors.length).toBeGreaterThan(atLeast);
    for (const name of errors) {
      type Made = { new (options: object): Error; shapeId: string };
      const [expected, given] = [real[name] as Made, bundled[name] as Made];
      const fields = {
        reasonCode: 'why',
        Item: { pk: { S: 'a' } },
        CancellationReasons: [{ Code: 'None' }],
        Message: 'm',
      };
      const [one, other] = [expected, given].map(
        (Kind) => new Kind({ message: 'no', $metadata: { httpStatusCode: 400 }, ...fields }),
      );
      expect({ ...other, text: String(other), shapeId: given.shapeId }).toEqual({
        ...one,
        text: String(one),
        shapeId: expected.shapeId,
      });
      expect(other).toBeInstanceOf(Error);
      expect(other).toBeInstanceOf(given);
    }
  });

  it('makes a client of DynamoDB that knows its version', async () => {
    const { DynamoDBClient } = await load("export { DynamoDBClient } from '@aws-sdk/client-dynamodb';");
    const client = new DynamoDBClient({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
    expect(String((await client.config.defaultUserAgentProvider())[0])).toMatch(/^aws-sdk-js,\d/);
  });

  it('makes clients that retry as a client does by itself, and none that does so adaptively', async () => {
    const { DynamoDBClient } = await load("export { DynamoDBClient } from '@aws-sdk/client-dynamodb';");
    const config = { region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
    expect((await new DynamoDBClient(config).config.retryStrategy()).mode).toBe('standard');
    const adaptive = new DynamoDBClient({ ...config, retryMode: 'adaptive' });
    await expect(adaptive.config.retryStrategy()).rejects.toThrow('left out of the bundle');
  });

  it('hashes, with a secret and without, by what Node has', async () => {
    const { Sha256Node } = await load("export { Sha256Node } from '@smithy/core/checksum';");
    const hexOf = async (secret?: string) => {
      const hash = new Sha256Node(secret);
      hash.update(Buffer.from('text'));
      return Buffer.from(await hash.digest()).toString('hex');
    };
    expect(await hexOf()).toBe(createHash('sha256').update('text').digest('hex'));
    expect(await hexOf('secret')).toBe(createHmac('sha256', 'secret').update('text').digest('hex'));
  });
});
