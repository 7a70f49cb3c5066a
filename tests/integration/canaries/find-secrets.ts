/** So many characters of a secret in a row are a hit: an error that quotes a piece of what it could not read gives that much away. */
const width = 12;

const piecesOf = (text: string): string[] =>
  Array.from({ length: Math.max(0, text.length - width + 1) }, (_, at) => text.slice(at, at + width));

/** A secret as it is, and as it looks in base64 from wherever it begins, in hex and in a URL. */
function formsOf(secret: string): string[] {
  const inBase64 = [0, 1, 2].flatMap((skipped) => {
    const bytes = Buffer.from(secret.slice(skipped));
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
    return [whole.toString('base64'), whole.toString('base64url')];
  });
  return [secret, ...inBase64, Buffer.from(secret).toString('hex'), encodeURIComponent(secret)];
}

/** Looks for secrets in texts: answers what each hit is, by `known`. Characters of a secret outside of this set end a piece. */
export function createFinder(known: ReadonlyMap<string, string>): (text: string) => string[] {
  const owners = new Map<string, string>();
  for (const [secret, what] of known) {
    for (const form of formsOf(secret)) for (const piece of piecesOf(form)) owners.set(piece, what);
  }
  return (text) => {
    const found = new Set<string>();
    for (const [run] of text.matchAll(/[\w+/=%-]{12,}/g)) {
      for (let at = 0; at + width <= run.length; at += 1) {
        const what = owners.get(run.slice(at, at + width));
        if (what !== undefined) found.add(what);
      }
    }
    return [...found].toSorted();
  };
}
