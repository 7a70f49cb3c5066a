import * as z from 'zod';
import en from 'zod/v4/locales/en.js';
import ko from 'zod/v4/locales/ko.js';
import { ApiError, type Issue, invalid, type KnownIssue, unfit } from '../../../contracts/errors.ts';
import type { Language } from '../../../contracts/messages.ts';
import type { IssueMessage } from '../../../contracts/shared/issue-messages.ts';
import type { Exchange, Input } from './exchange.ts';

/** API Gateway takes 10 MB; nothing of ours is larger than this. */
export const maxBodyBytes = 1_048_576;

const errorMaps = { en: en().localeError, ko: ko().localeError };

/** Of a route that takes no body: none, or one that says nothing. */
const noBody = z
  .strictObject({})
  .transform(() => undefined)
  .optional();

const bodyIssue = (message: IssueMessage) => invalid([{ path: 'body', message }]);

function readBody(exchange: Exchange): unknown {
  const { event, route } = exchange;
  const text =
    event.isBase64Encoded === true ? Buffer.from(event.body ?? '', 'base64').toString('utf8') : (event.body ?? '');
  if (Buffer.byteLength(text) > maxBodyBytes) {
    throw new ApiError('VALIDATION_ERROR', 'input.too_large', {
      status: 413,
      params: { max: maxBodyBytes },
      data: { issues: [{ path: 'body', message: 'is too large' } satisfies KnownIssue] },
    });
  }
  const type = event.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (route.form === true && type === 'application/x-www-form-urlencoded') {
    exchange.form = true;
    return Object.fromEntries(new URLSearchParams(text));
  }
  if (text.trim() === '') {
    if (route.body === undefined) return undefined;
    if (route.bodyOptional === true) return {};
    throw bodyIssue('is required');
  }
  if (type !== undefined && type !== 'application/json') throw bodyIssue('must be sent as application/json');
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError('VALIDATION_ERROR', 'input.malformed_json', {
      data: { issues: [{ path: 'body', message: 'is not valid JSON' }] },
    });
  }
}

/** Payload 2.0 joins repeated parameters with commas, so the raw string is read; a repeated one, or one whose schema is a list, is a list. */
function readQuery(exchange: Exchange): Record<string, string | string[]> {
  const lists = exchange.route.query?.shape ?? {};
  const query: Record<string, string | string[]> = {};
  const given = new URLSearchParams(exchange.event.rawQueryString);
  for (const name of new Set(given.keys())) {
    const values = given.getAll(name);
    const isList = Object.hasOwn(lists, name) && takesList(lists[name] as z.ZodType);
    Object.defineProperty(query, name, { value: isList || values.length > 1 ? values : values[0], enumerable: true });
  }
  return query;
}

function takesList(schema: z.ZodType): boolean {
  const { def } = schema as unknown as { def: { type: string; innerType?: z.ZodType; in?: z.ZodType } };
  if (def.type === 'array') return true;
  const inner = def.innerType ?? def.in;
  return inner !== undefined && takesList(inner);
}

const pathOf = (place: string, path: readonly PropertyKey[]) => [place, ...path.map(String)].join('.');

/** How far a value is from an alternative: each field that it does not know counts. */
const weightOf = (found: readonly z.core.$ZodIssue[]): number =>
  found.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);

/** One issue a place; an unknown field is named itself, not its parent. */
function issuesOf(place: string, found: readonly z.core.$ZodIssue[]): Issue[] {
  return found.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: pathOf(place, [...issue.path, key]), message: issue.message }));
    }
    // For a key that is not allowed, the rule that it breaks instead of zod's generic `invalid_key`.
    if (issue.code === 'invalid_key' && issue.issues.length > 0) {
      return issuesOf(
        place,
        issue.issues.map((inner) => ({ ...inner, path: issue.path })),
      );
    }
    if (issue.code === 'invalid_union') {
      // Of the alternatives, the one that fits best says what is wrong.
      const best = [...issue.errors].sort((a, b) => weightOf(a) - weightOf(b))[0];
      if (best !== undefined && best.length > 0) {
        return issuesOf(
          place,
          best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
        );
      }
    }
    return [{ path: pathOf(place, issue.path), message: issue.message }];
  });
}

function parse(place: string, schema: z.ZodType | undefined, value: unknown, language: Language, issues: Issue[]) {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value, { error: errorMaps[language] });
  if (result.success) return result.data;
  issues.push(...issuesOf(place, result.error.issues));
  return undefined;
}

/** The path's parts alone, where they fit: what a refusal is about that comes before, or of, the rest of the input. */
export const readParams = ({ route, event }: Exchange): unknown =>
  route.params?.safeParse(event.pathParameters ?? {}).data;

/** Path, query and body by the route's schemas, or VALIDATION_ERROR with every place that does not fit. */
export function readInput(exchange: Exchange): Input {
  const { route, event, language } = exchange;
  const body = readBody(exchange);
  const issues: Issue[] = [];
  const query = readQuery(exchange);
  if (route.query === undefined) {
    for (const name of Object.keys(query)) issues.push({ path: `query.${name}`, message: 'is not known here' });
  }
  const input = {
    params: parse('params', route.params, event.pathParameters ?? {}, language, issues),
    query: parse('query', route.query, query, language, issues),
    body: parse('body', route.body ?? noBody, body, language, issues),
  };
  if (issues.length > 0) throw unfit(issues);
  return input;
}

/** The version of an `If-Match: "3"`; `*` and none are no condition. */
export function readIfMatch(event: Exchange['event']): number | undefined {
  const header = event.headers['if-match'];
  if (header === undefined || header.trim() === '*') return undefined;
  const version = /^"(\d{1,15})"$/.exec(header.trim())?.[1];
  if (version === undefined)
    throw invalid([{ path: 'headers.if-match', message: 'must be one quoted version, as ETag gave it' }]);
  return Number(version);
}
