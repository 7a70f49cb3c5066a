import * as z from 'zod';
import { errorStatus } from '../errors.ts';
import { sentence } from '../messages.ts';
import { type Route, takesIfMatch, type Who } from '../route.ts';
import { codesOf } from './codes.ts';
import { findExample } from './examples.ts';
import { countedAnswer, everyAnswer, headerReferences, responseName, stamp, tooLarge } from './failures.ts';
import type { SchemaCollection } from './schemas.ts';
import type { MediaType, Operation, Parameter, Reference, Response, Schema } from './types.ts';

const component = (kind: string, name: string): Reference => ({ $ref: `#/components/${kind}/${name}` });

export const parameters: Readonly<Record<string, Parameter>> = {
  AcceptLanguage: {
    name: 'Accept-Language',
    in: 'header',
    required: false,
    description: '`ko` for Korean sentences; English else.',
    schema: { type: 'string', examples: ['ko'] },
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'The same key and body answer the first answer again, for 24 hours; the same key and another body is CONFLICT. So is a key whose first request is still at work, within 60 seconds, with `Retry-After`.',
    schema: { type: 'string', minLength: 1, maxLength: 255, examples: ['5f9c1d7e-0a53-4a55-9d35-6f2f1d0f9c11'] },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    required: false,
    description:
      'The version that you read, as `ETag` gave it, or `*` for any; CONFLICT when it is no longer the current one.',
    schema: { type: 'string', pattern: '^("[0-9]{1,15}"|\\*)$', examples: ['"3"'] },
  },
};

const takesSession = 'Takes a session, no API key.';

/** Who may call, in a sentence. */
function rightsOf(who: Who): string {
  switch (who.kind) {
    case 'anyone':
      return 'Needs no token.';
    case 'caller':
      return 'For every signed-in user.';
    case 'permission':
      return `Needs the permission \`${who.permission}\`${who.orSelf === true ? ', or to be that user' : ''}.`;
    case 'workspace': {
      const instead = who.orPermission === undefined ? '' : `, or the permission \`${who.orPermission}\``;
      return `Needs the role \`${who.role}\` in the workspace${instead}.`;
    }
  }
}

/** One of these will do. */
function securityOf({ who, sessionOnly }: Route): Operation['security'] {
  if (who.kind === 'anyone') return [];
  return sessionOnly === true ? [{ bearer: [] }] : [{ bearer: [] }, { apiKey: [] }];
}

/** Of a body that may come as a form: JSON is held to its fields, a form may have others, which are dropped. */
function alternativesFor(kind: 'json' | 'form', { anyOf, ...schema }: Schema): Schema {
  if (!Array.isArray(anyOf)) return schema;
  const fit = anyOf.filter(({ additionalProperties }) => (additionalProperties === false) === (kind === 'json'));
  return fit.length === 1 ? { ...schema, ...fit[0] } : { ...schema, anyOf: fit };
}

export function createOperations(schemas: SchemaCollection) {
  const lookup = (reference: string): Schema | undefined =>
    schemas.components()[reference.replace('#/components/schemas/', '')];

  /** Of a path or query: an object whose properties are the parameters. */
  const parametersOf = (place: 'path' | 'query', schema: z.ZodObject | undefined): Parameter[] =>
    Object.entries(schema?.shape ?? {}).map(([name, part]) => {
      const { description, ...described } = schemas.describe(part as z.ZodType, 'input') as Schema & {
        description?: string;
      };
      const isList = described['type'] === 'array';
      return {
        name,
        in: place,
        required: place === 'path' || !z.safeParse(part as z.ZodType, undefined).success,
        ...(description !== undefined && { description }),
        schema: described,
        ...(isList && { style: 'form' as const, explode: true as const }),
      };
    });

  function bodyOf({ body, form, bodyOptional }: Route): Pick<Operation, 'requestBody'> {
    if (body === undefined) return {};
    const whole = schemas.describe(body, 'input');
    const mediaOf = (schema: Schema): MediaType => {
      const example = findExample(body, schema, lookup);
      return { schema, ...(example !== undefined && { example }) };
    };
    const content =
      form === true
        ? {
            'application/json': mediaOf(alternativesFor('json', whole)),
            'application/x-www-form-urlencoded': mediaOf(alternativesFor('form', whole)),
          }
        : { 'application/json': mediaOf(whole) };
    return { requestBody: { required: bodyOptional !== true, content } };
  }

  function successOf(route: Route, { data, message }: Pick<Route['answer'], 'data' | 'message'>): Response {
    const described = data && schemas.describe(data, 'output');
    const text = message && sentence(message, 'en');
    const schema = {
      type: 'object',
      required: ['success', ...(message ? ['message'] : []), ...(data ? ['data'] : []), 'request_id', 'timestamp'],
      properties: {
        success: { const: true },
        message: { type: 'string' },
        ...(described && { data: described }),
        request_id: { type: 'string' },
        timestamp: { type: 'string', format: 'date-time' },
      },
    };
    const example = data && described && findExample(data, described, lookup);
    const isCounted = route.counted !== 'no';
    return {
      description: route.summary,
      headers: headerReferences([
        ...everyAnswer,
        ...(isCounted ? countedAnswer : []),
        ...(route.versioned && (data || route.method === 'PUT') ? ['ETag'] : []),
      ]),
      content: {
        'application/json': {
          schema,
          example: { success: true, ...(text && { message: text }), ...(data && { data: example }), ...stamp },
        },
      },
    };
  }

  return (route: Route): Operation => {
    const { who, idempotent, sessionOnly, answer } = route;
    return {
      operationId: route.id,
      summary: route.summary,
      description: [route.description, rightsOf(who), sessionOnly === true && takesSession]
        .filter(Boolean)
        .join('\n\n'),
      tags: [route.tag],
      security: securityOf(route),
      parameters: [
        ...parametersOf('path', route.params),
        ...parametersOf('query', route.query),
        ...(idempotent === true ? [component('parameters', 'IdempotencyKey')] : []),
        ...(takesIfMatch(route) ? [component('parameters', 'IfMatch')] : []),
        component('parameters', 'AcceptLanguage'),
      ],
      ...bodyOf(route),
      responses: {
        [answer.status]: successOf(route, answer),
        ...(answer.later && { 202: successOf(route, { message: answer.later }) }),
        ...Object.fromEntries(
          codesOf(route).map((code) => [errorStatus[code], component('responses', responseName(code))]),
        ),
        ...(route.body !== undefined && { 413: component('responses', tooLarge) }),
      },
    };
  };
}
