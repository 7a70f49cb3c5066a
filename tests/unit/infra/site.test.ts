import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildSite, siteDirectory } from '../../../infra/site.ts';

await buildSite();
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
});
