import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { buildOpenApi } from '../contracts/openapi.ts';
import { routes } from '../contracts/routes.ts';
import { root } from './bundle.ts';
import { writeChanged } from './write-changed.ts';

/** Where the static site is built, as the edge serves it at `/`. */
export const siteDirectory = join(root, 'dist/site');

const ours = join(import.meta.dirname, 'site');
const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** Path in the site → file it is copied from. Swagger UI is served by us: the page loads nothing from elsewhere. */
const files: Readonly<Record<string, string>> = {
  'index.html': join(ours, 'index.html'),
  'site.css': join(ours, 'site.css'),
  'docs/index.html': join(ours, 'docs.html'),
  'docs/docs.js': join(ours, 'docs.js'),
  'docs/swagger-ui.css': join(swaggerUi, 'swagger-ui.css'),
  'docs/swagger-ui-bundle.js': join(swaggerUi, 'swagger-ui-bundle.js'),
};

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

/** Builds the static site: the page at `/`, the API's document and the page that shows it. */
export async function buildSite(): Promise<void> {
  for (const [path, file] of Object.entries(files)) writeChanged(join(siteDirectory, path), readFileSync(file));
  writeChanged(join(siteDirectory, 'api/v1/openapi.json'), JSON.stringify(buildOpenApi(routes, { version })));
}
