/** Reads what a key stands for when it is first asked for, and answers the same from then on; a failure, too. */
export function oncePerKey<Value>(read: (key: string) => Promise<Value>): (key: string) => Promise<Value> {
  const known = new Map<string, Promise<Value>>();
  return (key) => {
    const value = known.get(key) ?? read(key);
    known.set(key, value);
    return value;
  };
}
