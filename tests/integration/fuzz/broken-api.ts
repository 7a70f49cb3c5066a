import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const stamps = { request_id: 'req_1', timestamp: '2026-01-31T09:30:00.000Z' };

/** What each path answers of the three that the document says all to answer health. */
const answers: Readonly<Record<string, [status: number, body: object]>> = {
  '/good': [200, { success: true, data: { status: 'ok' }, ...stamps }],
  '/misfit': [200, { success: true, data: { status: 7 }, ...stamps }],
  '/failing': [500, { success: false, error: 'no', code: 'INTERNAL_ERROR', data: {}, ...stamps }],
};

/** A server with one good route, one whose answer does not fit, and one that fails. */
export async function startBrokenApi(): Promise<{ baseUrl: string; stop(): void }> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    const refusal = { success: false, error: 'no', code: 'VALIDATION_ERROR', data: {}, ...stamps };
    const [status, body] = request.url === path ? (answers[path] ?? [404, {}]) : [400, refusal];
    response.writeHead(request.method === 'GET' ? status : 405, {
      'content-type': 'application/json',
      'x-request-id': stamps.request_id,
      'content-language': 'en',
      allow: 'GET',
    });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}`, stop: () => void server.close() };
}
