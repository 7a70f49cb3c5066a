import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Product {
  region: string;
  instanceType: string;
  hourly: string;
  /** Of its attributes; those of a plain Linux machine on shared hardware unless given. */
  attributes?: Record<string, string>;
  unit?: string;
}

export interface PriceList {
  endpoint: string;
  products: Product[];
  /** Products of an answer; the service's own most is 100. */
  pageSize: number;
  /** Every answer is this instead, until it is undefined again. */
  fault: 'throttled' | 'denied' | 'dropped' | 'garbage' | undefined;
  requests: { target: string; filters: Record<string, string>; authorization: string }[];
  stop(): Promise<void>;
}

/** A product as the service publishes it: sku, offer term and rate code stand in its keys. */
function published({ region, instanceType, hourly, attributes = {}, unit = 'Hrs' }: Product, at: number): string {
  const sku = `SKU${String(at).padStart(13, '0')}`;
  const [term, rate] = [`${sku}.JRTCKXETXF`, `${sku}.JRTCKXETXF.6YS6EN2CT7`];
  return JSON.stringify({
    product: {
      productFamily: 'Compute Instance',
      attributes: { ...attributesOf(region, instanceType), ...attributes },
      sku,
    },
    serviceCode: 'AmazonEC2',
    terms: {
      OnDemand: {
        [term]: {
          priceDimensions: {
            [rate]: {
              unit,
              endRange: 'Inf',
              description: `$${hourly} per On Demand Linux ${instanceType} Instance Hour`,
              appliesTo: [],
              rateCode: rate,
              beginRange: '0',
              pricePerUnit: { USD: hourly },
            },
          },
          sku,
          effectiveDate: '2026-06-01T00:00:00Z',
          offerTermCode: 'JRTCKXETXF',
          termAttributes: {},
        },
      },
    },
    version: '20260617000000',
    publicationDate: '2026-06-17T00:00:00Z',
  });
}

const attributesOf = (regionCode: string, instanceType: string): Record<string, string> => ({
  regionCode,
  instanceType,
  operatingSystem: 'Linux',
  preInstalledSw: 'NA',
  tenancy: 'Shared',
  capacitystatus: 'Used',
  marketoption: 'OnDemand',
  operation: 'RunInstances',
  servicecode: 'AmazonEC2',
});

interface Asked {
  Filters?: { Type: string; Field: string; Value: string }[];
  NextToken?: string;
  MaxResults?: number;
}

/** Stands for the Price List Query API's GetProducts (AWS JSON 1.1), of which the emulator knows nothing: TERM_MATCH filters, pages, its errors. */
export async function startPriceList(): Promise<PriceList> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Asked;
    const filters = Object.fromEntries((asked.Filters ?? []).map(({ Field, Value }) => [Field, Value]));
    list.requests.push({
      target: String(request.headers['x-amz-target']),
      filters,
      authorization: String(request.headers.authorization),
    });
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    if (list.fault === 'dropped') return void request.socket.destroy();
    if (list.fault === 'throttled') return answer(400, { __type: 'ThrottlingException', Message: 'Rate exceeded' });
    if (list.fault === 'denied') return answer(400, { __type: 'AccessDeniedException', Message: 'not authorized' });
    if (list.fault === 'garbage')
      return answer(200, { PriceList: ['{"product":', '{}', '{"product":{"attributes":{}}}'] });
    const fitting = list.products
      .map((product, at) => ({ text: published(product, at), product }))
      .filter(({ product: { region, instanceType, attributes } }) => {
        const all = { ...attributesOf(region, instanceType), ...attributes };
        return Object.entries(filters).every(([field, value]) => all[field] === value);
      })
      .map(({ text }) => text);
    const from = Number(asked.NextToken ?? 0);
    const to = from + Math.min(list.pageSize, asked.MaxResults ?? 100);
    return answer(200, {
      FormatVersion: 'aws_v1',
      PriceList: fitting.slice(from, to),
      ...(to < fitting.length && { NextToken: String(to) }),
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const list: PriceList = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    products: [],
    pageSize: 100,
    fault: undefined,
    requests: [],
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return list;
}
