import type { SharedStack } from '../../support/global-setup.ts';
import { scanItems } from '../../support/table-items.ts';

type Item = Record<string, unknown>;
type Snapshot = ReadonlyMap<string, Item>;

/** What counts calls or follows from the stream in its own time. */
const passing =
  /^((AUDITCHAIN|AUDITINDEX|ADDRESS|LOGIN|PRESENCE|CONNECTION|COUNTED)#|SYSTEM COUNTS$|NOTIFICATION#\S+ CODEMAIL)/;
/** What a call moves whatever it does, and times. */
const unlike = ['n', 'win', 'ttl', 'updated_at', 'observed_at', 'launched_at', 'created_at'];

/** The copy of its user that a member's row is given behind the answer. */
const copied = ['name', 'email', 'profile_version'];

/** What a wish for a code is given as its mail is sent. */
const minted = ['hash', 'salt', 'expires_at'];

/** What a VM says of its latest workflow and restart goes by which ones it had before; its version and its history tell of this one. */
const ofRuns = ['run', 'restarted', 'work'];

function leftOutOf({ type, sk }: Item): readonly string[] {
  if (/^(VM|DELETEDVM)#/.test(String(sk))) return ofRuns;
  if (type === 'member') return copied;
  return type === 'code' ? minted : [];
}

function comparable(item: Item): Item {
  const leftOut = leftOutOf(item);
  return Object.fromEntries(Object.entries(item).filter(([name]) => !leftOut.includes(name)));
}

export async function takeSnapshot(stack: Pick<SharedStack, 'client' | 'outputs'>): Promise<Snapshot> {
  const items = await scanItems(stack);
  return new Map(
    items
      .filter(({ pk, sk }) => !passing.test(`${pk} ${sk}`))
      .map((item) => [`${item['pk']} ${item['sk']}`, comparable(item)]),
  );
}

/** `WS/CREDENTIAL`: what an item is, without the ids in its key. */
const kindOf = ({ pk, sk }: Item) => {
  const [first = '', second = ''] = [pk, sk].map((part) => String(part).split('#')[0]);
  return `${first}/${/^[A-Z]+$/.test(second) ? second : '*'}`;
};

const told = ({ action, resource, status, success }: Item) => `${action} ${resource} ${status} ${success}`;
const shapeOf = (item: Item) =>
  kindOf(item) === 'AUDIT/*' ? `AUDIT: ${told(item)}` : `${kindOf(item)} {${Object.keys(item).toSorted()}}`;

const text = (value: unknown) =>
  JSON.stringify(value, (_, held) => (held instanceof Set ? [...held].toSorted() : held)) ?? 'nothing';
const sizeOf = (value: unknown) => (value instanceof Set ? value.size : Object.keys(value ?? {}).length);

function changeOf(name: string, before: unknown, after: unknown): string[] {
  if (unlike.includes(name) || text(before) === text(after)) return [];
  // A count begins where there is none.
  if (typeof (before ?? 0) === 'number' && typeof after === 'number')
    return [`${name} by ${after - Number(before ?? 0)}`];
  if (typeof after !== 'object' || after instanceof Uint8Array) return [name];
  return [`${name} by ${sizeOf(after) - sizeOf(before)} entries`];
}

/** What happened between two snapshots, in words without ids: the same request twice reads the same. */
export function effectOf(before: Snapshot, after: Snapshot): string[] {
  const changes: string[] = [];
  for (const [key, item] of after) {
    const old = before.get(key);
    if (old === undefined) changes.push(`+ ${shapeOf(item)}`);
    else {
      const names = [...new Set([...Object.keys(old), ...Object.keys(item)])].toSorted();
      const moved = names.flatMap((name) => changeOf(name, old[name], item[name]));
      if (moved.length > 0) changes.push(`~ ${kindOf(item)}: ${moved.join(', ')}`);
    }
  }
  for (const [key, item] of before) if (!after.has(key)) changes.push(`- ${shapeOf(item)}`);
  // Who waits for a VM reads it, as often as it takes.
  return changes.filter((change) => change !== '+ AUDIT: read vm 200 true').toSorted();
}
