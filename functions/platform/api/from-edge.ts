import { createHash, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { forbidden } from '../../../contracts/errors.ts';
import { addressScope } from '../auth/address.ts';

/** True for a header that our edge added: it alone knows the secret. The hash is compared, so that no function holds the secret itself. */
export function isFromEdge(secret: string | undefined, hashes: readonly string[]): boolean {
  if (secret === undefined) return false;
  const given = createHash('sha256').update(secret).digest();
  return hashes.map((hash) => timingSafeEqual(given, Buffer.from(hash, 'hex'))).includes(true);
}

/** The viewer's address as the edge attests it. What came past the edge is refused, whatever it claims. */
export function readViewerAddress(event: Pick<APIGatewayProxyEventV2, 'headers'>, hashes: readonly string[]): string {
  const address = addressScope(event.headers['x-viewer-address'] ?? '');
  if (address === undefined || !isFromEdge(event.headers['x-origin-verify'], hashes)) throw forbidden();
  return address;
}
