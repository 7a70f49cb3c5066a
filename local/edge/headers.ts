import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { apiPolicy, sitePolicy } from '../../infra/browser-policies.ts';

// RFC 9110 section 7.6.1: meant for the next hop alone.
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

// What only the edge may say; a client's own would be believed by the origin.
const edgeOnly = [
  'x-origin-verify',
  'x-viewer-address',
  'forwarded',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
];

/** The address a socket comes from; IPv4 in its own form even when it came in by IPv6. */
export const viewerAddress = (request: IncomingMessage): string =>
  (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');

const without = (headers: IncomingHttpHeaders, names: readonly string[]): OutgoingHttpHeaders => {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !names.includes(name) && !named.includes(name)),
  ) as OutgoingHttpHeaders;
};

/**
 * Headers for the origin, as CloudFront sends them: the viewer's own but for Host, with the secret that proves the
 * request came through the edge and the address it came from. X-Forwarded-For grows by that address.
 */
export const toOrigin = (request: IncomingMessage, host: string, originSecret: string): OutgoingHttpHeaders => {
  const address = viewerAddress(request);
  const forwarded = request.headers['x-forwarded-for'];
  return {
    ...without(request.headers, [...hopByHop, ...edgeOnly, 'host']),
    host,
    'x-forwarded-for': forwarded === undefined ? address : `${forwarded}, ${address}`,
    'x-forwarded-proto': 'http',
    'x-origin-verify': originSecret,
    'x-viewer-address': address,
  };
};

// As infra's edge stack sets them, but for Strict-Transport-Security: browsers take it over HTTPS alone.
const secured = (contentSecurityPolicy: string): OutgoingHttpHeaders => ({
  'content-security-policy': contentSecurityPolicy,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
});

/** What every answer with a file of the site carries. */
export const siteHeaders = secured(sitePolicy);

/** The API's headers for the viewer. */
export const toViewer = (headers: IncomingHttpHeaders): OutgoingHttpHeaders => ({
  ...without(headers, hopByHop),
  ...secured(apiPolicy),
});
