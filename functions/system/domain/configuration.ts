import type { Configuration } from '../../../contracts/system/routes.ts';

interface Known {
  stage: string;
  version: string;
  region: string;
  logLevel: string;
  tableName: string;
  userPoolId: string;
  clientId: string;
  /** Calls an hour. */
  limits: Readonly<Record<string, number>>;
  /** Where AWS is reached, if not at its own addresses. */
  endpoint: string;
}

const ports: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** By name: what is not listed here is not shown. */
export function configurationOf({ endpoint, region, ...known }: Known): Configuration {
  const { hostname: host, port, protocol } = new URL(endpoint || `https://dynamodb.${region}.amazonaws.com`);
  const table = { host, port: port === '' ? (ports[protocol] ?? 443) : Number(port) };
  return {
    environment: known.stage,
    version: known.version,
    region,
    log_level: known.logLevel,
    database: { ...table, name: known.tableName },
    redis: { ...table, backend: 'dynamodb' },
    identity: {
      issuer: `https://cognito-idp.${region}.amazonaws.com/${known.userPoolId}`,
      client_id: known.clientId,
    },
    limits: { ...known.limits },
  };
}
