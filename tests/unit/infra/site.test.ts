import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { publishSite } from '../../../infra/commands/publish-site.ts';
import { buildSite, siteDirectory } from '../../../infra/site.ts';

await buildSite();
afterEach(() => vi.unstubAllEnvs());

const read = (path: string) => readFileSync(join(siteDirectory, path), 'utf8');

describe('the site', () => {
  it.each(['index.html', 'docs/index.html'])('loads in %s nothing from elsewhere, and nothing inline', (path) => {
    const html = read(path);
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = '']) => url);
    expect(loaded.filter((url) => !url.startsWith('/') && url !== 'data:,')).toEqual([]);
    expect(html).not.toMatch(/<script>|<style|style="|onclick=/);
  });

  it('has each file that its pages name', () => {
    const files = readdirSync(siteDirectory, { recursive: true }).map(String);
    const named = [...read('docs/index.html').matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, path]) => path);
    for (const path of [...named, 'site.css', 'docs/swagger-ui-bundle.js']) expect(files).toContain(path);
  });

  it('holds the document of the API', () => {
    expect(JSON.parse(read('api/v1/openapi.json')).openapi).toMatch(/^3\.1\./);
    expect(read('docs/docs.js')).toContain("url: '/api/v1/openapi.json'");
  });

  it('is published by a stage whose region its settings alone tell', async () => {
    const asked: string[] = [];
    const aws = createServer((request, response) => {
      const [, region = '', service = ''] =
        /Credential=test\/\d+\/([^/]+)\/([^/]+)\//.exec(String(request.headers.authorization)) ?? [];
      asked.push(`${request.method} ${request.url?.split('?')[0]} ${service} ${region}`);
      request.resume().on('end', () => response.end(service === 'cloudfront' ? '<Invalidation/>' : ''));
    });
    await new Promise<void>((done) => aws.listen(0, '127.0.0.1', done));
    onTestFinished(() => void aws.close());
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(aws.address() as AddressInfo).port}`);

    await publishSite('the-bucket', 'E1', 'ap-northeast-2');
    expect(asked).toContain('PUT /the-bucket/index.html s3 ap-northeast-2');
    // CloudFront is everywhere, and called in one region.
    expect(asked.at(-1)).toBe('POST /2020-05-31/distribution/E1/invalidation cloudfront us-east-1');
  });
});
