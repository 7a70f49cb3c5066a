import { createReadStream, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { siteHeaders } from './headers.ts';
import { refuse } from './proxy.ts';

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** The file a path stands for: itself, or a folder's index.html. Nothing outside the folder. */
export const findFile = (folder: string, path: string): string | undefined => {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  const file = normalize(join(folder, decoded));
  if (decoded.includes('\0') || !`${file}${sep}`.startsWith(`${folder}${sep}`)) return undefined;
  return [file, join(file, 'index.html')].find((name) => statSync(name, { throwIfNoEntry: false })?.isFile());
};

/** Serves a file of the site's folder, as the bucket behind the edge does. */
export const serveSite = (folder: string, path: string, request: IncomingMessage, response: ServerResponse): void => {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    refuse(response, 405, `cannot ${request.method} ${path}: it is a file`);
    return;
  }
  const file = findFile(folder, path);
  if (file === undefined) {
    refuse(response, 404, `there is no ${path}`);
    return;
  }
  const { size } = statSync(file);
  const type = types[extname(file)] ?? 'application/octet-stream';
  response.writeHead(200, {
    ...siteHeaders,
    'content-type': type,
    'content-length': size,
    'cache-control': 'no-cache',
  });
  if (request.method === 'HEAD') response.end();
  else
    createReadStream(file)
      .on('error', () => response.destroy())
      .pipe(response);
};
