import { createServer, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Outage } from './verifier-contract.ts';

const refusal = (code: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`;

/** Stands before an STS; the next call meets what was planned for it. */
export async function startFlakySts(target: string) {
  const planned: Outage[] = [];
  const server = createServer((request, response) => {
    const outage = planned.shift();
    if (outage === 'silent') {
      request.socket.destroy();
      return;
    }
    if (outage !== undefined) {
      const [status, code] =
        outage === 'throttled' ? ([400, 'Throttling'] as const) : ([503, 'ServiceUnavailable'] as const);
      response.writeHead(status, { 'content-type': 'text/xml' }).end(refusal(code));
      return;
    }
    // As it came: the host is signed, too.
    const { method, url, headers } = request;
    const onward = sendRequest(`${target}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.once('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fail: (outage: Outage) => void planned.push(outage),
    pending: () => planned.length,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
