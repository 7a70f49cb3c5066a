import { failureResponses, failureSchema, headers } from './openapi/failures.ts';
import { createOperations, parameters } from './openapi/operations.ts';
import { createSchemaCollection } from './openapi/schemas.ts';
import type { OpenApiDocument, Operation } from './openapi/types.ts';
import type { Route } from './route.ts';

export type { OpenApiDocument } from './openapi/types.ts';

export interface OpenApiOptions {
  /** Of the product. */
  version: string;
  /** The origin of the API; the one that the document comes from unless given. */
  serverUrl?: string;
}

const description =
  'Answers are `{"success": true, "data": …}` or `{"success": false, "error": "a sentence", "code": …, "data": {…}}`, each with `request_id` and `timestamp`. ' +
  'Sentences are English, or Korean with `Accept-Language: ko`. Times are ISO 8601 in UTC, ids are UUIDs. Unknown fields and query parameters are refused. ' +
  'Lists take `limit` and `offset` or `cursor`; a filter that may be repeated means any of its values.';

/** The OpenAPI 3.1 document of these routes. */
export function buildOpenApi(
  routes: Readonly<Record<string, Route>>,
  { version, serverUrl = '/' }: OpenApiOptions,
): OpenApiDocument {
  const schemas = createSchemaCollection();
  const describe = createOperations(schemas);
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of Object.values(routes)) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: describe(route) };
  }
  const tags = [...new Set(Object.values(routes).map(({ tag }) => tag))];
  return {
    openapi: '3.1.1',
    info: { title: 'SkyClust', version, description },
    servers: [{ url: serverUrl }],
    tags: tags.map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...schemas.components(), Failure: failureSchema },
      responses: failureResponses(),
      parameters,
      headers,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The `token` of a session.' },
        apiKey: {
          type: 'apiKey',
          in: 'header',
          name: 'X-API-Key',
          description: 'A key of POST /auth/api-keys, for services. Either this or the token, never both.',
        },
      },
    },
  };
}
