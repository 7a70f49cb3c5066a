/**
 * Keys are parts joined by `#`. Whatever sorts at or below the escape sign, the separator too, is written `$` and two
 * hexadecimal digits. So no two lists of parts make one key, and keys sort as their lists of parts do: the separator sorts
 * below the escape, and the escape below every character that stands for itself.
 */
const low = /[\u0000-$]/g;

function encodePart(part: string): string {
  // A lone surrogate would be stored as U+FFFD: two ids, one key.
  if (!part.isWellFormed()) throw new TypeError('cannot make a key: a part is not well-formed text');
  return part.replace(low, (character) => `$${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** `key('WS', id)` is `WS#<id>`. DynamoDB takes 2,048 bytes in a partition key and 1,024 in a sort key. */
export const key = (first: string, ...rest: string[]): string => [first, ...rest].map(encodePart).join('#');

/** Begins every key that has these parts and more: `VM#`, not `VM`, which `VMX` begins with too. */
export const keyPrefix = (first: string, ...rest: string[]): string => `${key(first, ...rest)}#`;

/** The parts that `key` joined. */
export const keyParts = (text: string): string[] =>
  text
    .split('#')
    .map((part) =>
      part.replace(/\$([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    );
