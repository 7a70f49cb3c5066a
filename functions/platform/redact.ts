import { isSecretName, mask, redactText } from './redact-text.ts';

/** A log line is bounded, whatever is thrown at it: CloudWatch takes 1 MB, and pays by the GB. */
const limits = { depth: 8, entries: 100, textRead: 16_384, textKept: 4_096, total: 32_768 };

/**
 * What of an error is kept: what it says and what the SDK measured. Never the request or response that SDK errors carry,
 * nor the items in them.
 */
const errorFields = [
  'code',
  'errno',
  'syscall',
  'status',
  'messageKey',
  'params',
  'data',
  '$fault',
  '$metadata',
  'errors',
];

/** What is left to write of one line, and the objects that are being written, for those that hold themselves. */
interface Progress {
  left: number;
  open: Set<object>;
}

/**
 * A copy that is safe to log: secrets are masked by the name they stand under and by their look, at any depth, in errors,
 * their causes and stacks, and in JSON inside strings; depth, width and size are bounded. The copy is plain JSON.
 */
export const redact = (value: unknown): unknown => redactValue(value, [], { left: limits.total, open: new Set() });

function redactValue(value: unknown, path: readonly string[], progress: Progress): unknown {
  // Each value counts, so that a wide tree of small ones is bounded too.
  progress.left -= 8;
  if (progress.left <= 0) return '[too much]';
  if (typeof value === 'string') return keep(redactString(value, path, progress), progress);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) return value;
  if (typeof value === 'bigint') return keep(String(value), progress);
  if (typeof value !== 'object') return `[${typeof value}]`;
  if (path.length >= limits.depth) return '[too deep]';
  if (progress.open.has(value)) return '[circular]';
  progress.open.add(value);
  try {
    return redactObject(value, path, progress);
  } catch {
    // A getter or a proxy threw.
    return '[unreadable]';
  } finally {
    progress.open.delete(value);
  }
}

function keep(text: string, progress: Progress): string {
  const room = Math.min(limits.textKept, Math.max(0, progress.left));
  progress.left -= text.length;
  return text.length > room ? `${text.slice(0, room)}…` : text;
}

function redactString(text: string, path: readonly string[], progress: Progress): string {
  const json = text.length <= limits.textRead ? parseJson(text) : undefined;
  if (json !== undefined) return JSON.stringify(redactValue(json, path, progress)) ?? '';
  return redactText(text.slice(0, limits.textRead));
}

/** JSON of an object, a list or a text; the rest is as good as text. */
function parseJson(text: string): unknown {
  if (!/^\s*[[{"]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function redactObject(value: object, path: readonly string[], progress: Progress): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof URL) return redactText(value.href);
  if (value instanceof Error) return redactError(value, path, progress);
  if (Array.isArray(value)) return redactList(value, path, progress);
  if (value instanceof Set) return redactList([...value], path, progress);
  if (value instanceof Map)
    return redactEntries(
      [...value].map(([name, held]) => [String(name), held]),
      path,
      progress,
    );
  return redactEntries(Object.entries(value), path, progress);
}

function redactList(list: readonly unknown[], path: readonly string[], progress: Progress): unknown[] {
  const kept = list.slice(0, limits.entries).map((element) => redactValue(element, [...path, ''], progress));
  return list.length > limits.entries ? [...kept, `[${list.length - limits.entries} more]`] : kept;
}

function redactEntries(entries: readonly (readonly [string, unknown])[], path: readonly string[], progress: Progress) {
  const kept = entries.slice(0, limits.entries).map(([name, value]): [string, unknown] => {
    const shown = keep(redactText(name.slice(0, limits.textKept)), progress);
    return [shown, isSecretName(name, value, path) ? mask : redactValue(value, [...path, name], progress)];
  });
  if (entries.length > limits.entries) kept.push(['…', `[${entries.length - limits.entries} more]`]);
  return Object.fromEntries(kept);
}

function redactError(error: Error, path: readonly string[], progress: Progress) {
  const fields = errorFields.filter((name) => name in error).map((name) => [name, Reflect.get(error, name)] as const);
  const { name, message, stack, cause } = error;
  return redactEntries(
    [['name', name], ['message', message], ['stack', stack], ['cause', cause], ...fields],
    path,
    progress,
  );
}
