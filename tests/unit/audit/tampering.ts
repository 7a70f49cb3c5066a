import { hashRow, readAuditRow } from '../../../functions/audit/domain/audit-row.ts';
import { hashBlock } from '../../../functions/audit/domain/chain.ts';
import { blockItem, readBlock } from '../../../functions/audit/store/chain-item.ts';
import type { Item } from '../../../functions/platform/table/types.ts';
import type { MemoryTable } from './memory-table.ts';

/** What somebody does who can write the table past the API. */
export interface Scene {
  table: MemoryTable;
  random: () => number;
  rows: Item[];
  blocks: Item[];
  heads: Item[];
}

export function sceneOf(table: MemoryTable, random: () => number, scope: string): Scene {
  const items = [...table.partitions].flatMap(([pk, partition]) => (pk.includes(scope) ? [...partition.values()] : []));
  const named = (pk: string, sk = '') =>
    items.filter((item) => item.pk.startsWith(pk) && item.sk.startsWith(sk)).sort((a, b) => (a.sk < b.sk ? -1 : 1));
  return {
    table,
    random,
    rows: named('AUDIT#'),
    blocks: named('AUDITCHAIN#', 'BLOCK#'),
    heads: named('AUDITCHAIN#', 'HEAD#'),
  };
}

const pick = <Thing>({ random }: Scene, things: readonly Thing[]): Thing =>
  things[Math.floor(random() * things.length)] as Thing;

/** Two different ones, in order. */
function pickTwo<Thing>(scene: Scene, things: readonly Thing[]): [Thing, Thing] {
  const first = Math.floor(scene.random() * (things.length - 1));
  const second = first + 1 + Math.floor(scene.random() * (things.length - first - 1));
  return [things[first] as Thing, things[second] as Thing];
}

const blockOf = ({ blocks }: Scene, row: Item): Item =>
  blocks.find((block) => (block['links'] as string[]).some((link) => link.startsWith(row.sk))) as Item;

const without = (block: Item, row: Item): Item => ({
  ...block,
  links: (block['links'] as string[]).filter((link) => !link.startsWith(row.sk)),
});

/** The block with a hash that fits what it says now. */
const resealed = (item: Item): Item => {
  const block = readBlock(item);
  return blockItem({ ...block, hash: hashBlock(block) });
};

const changes: readonly Record<string, unknown>[] = [
  { success: false },
  { status: 403 },
  { user_id: 'somebody else' },
  { action: 'delete' },
  { resource: 'credential' },
  { resource_id: 'another' },
  { ip_address: '198.51.100.1' },
  { user_agent: '' },
  { request_id: 'req_0' },
];

type Tamper = (scene: Scene) => void;

const editRow: Tamper = (scene) => scene.table.put({ ...pick(scene, scene.rows), ...pick(scene, changes) });

const blankRow: Tamper = (scene) => {
  const { pk, sk } = pick(scene, scene.rows);
  scene.table.put({ pk, sk, type: 'audit' });
};

/** The row, and the hash of it in its block. */
function editedWithBlock(scene: Scene): Item {
  const row = pick(scene, scene.rows);
  const edited: Item = { ...row, ...pick(scene, changes) };
  const block = blockOf(scene, row);
  const hash = hashRow(readAuditRow(edited) as NonNullable<ReturnType<typeof readAuditRow>>);
  scene.table.put(edited);
  return {
    ...block,
    links: (block['links'] as string[]).map((link) => (link.startsWith(row.sk) ? `${row.sk} ${hash}` : link)),
  };
}

const deleteRow: Tamper = (scene) => scene.table.delete(pick(scene, scene.rows));

function deletedWithLink(scene: Scene): Item {
  const row = pick(scene, scene.rows);
  scene.table.delete(row);
  return without(blockOf(scene, row), row);
}

const deleteBlock: Tamper = (scene) => scene.table.delete(pick(scene, scene.blocks.slice(0, -1)));

const deleteBlockWithRows: Tamper = (scene) => {
  const block = pick(scene, scene.blocks.slice(0, -1));
  scene.table.delete(block);
  for (const row of scene.rows)
    if ((block['links'] as string[]).some((link) => link.startsWith(row.sk))) scene.table.delete(row);
};

const swapRows: Tamper = (scene) => {
  const [a, b] = pickTwo(scene, scene.rows);
  scene.table.put({ ...b, pk: a.pk, sk: a.sk });
  scene.table.put({ ...a, pk: b.pk, sk: b.sk });
};

const moveRow: Tamper = (scene) => {
  const row = pick(scene, scene.rows);
  scene.table.delete(row);
  scene.table.put({ ...row, sk: row.sk.replace(/T\d\d:\d\d/, 'T00:00') });
};

const swapBlocks: Tamper = (scene) => {
  const [a, b] = pickTwo(scene, scene.blocks);
  scene.table.put({ ...b, pk: a.pk, sk: a.sk });
  scene.table.put({ ...a, pk: b.pk, sk: b.sk });
};

const swapLinks: Tamper = (scene) => {
  const block = pick(
    scene,
    scene.blocks.filter(({ links }) => (links as string[]).length > 1),
  );
  const [first = '', ...rest] = block['links'] as string[];
  scene.table.put({ ...block, links: [...rest, first] });
};

/** The last rows of the chain, and what of the chain itself is taken with them. */
const truncate =
  (take: { blocks?: true; head?: true; rows?: true }): Tamper =>
  (scene) => {
    const cut = scene.blocks.slice(-1 - Math.floor(scene.random() * 3));
    const links = cut.flatMap((block) => block['links'] as string[]);
    if (take.rows)
      for (const row of scene.rows) if (links.some((link) => link.startsWith(row.sk))) scene.table.delete(row);
    if (take.blocks) for (const block of cut) scene.table.delete(block);
    if (take.head) scene.table.delete(scene.heads.at(-1) as Item);
  };

/** A month of the scope as if it had never been, while a later one has a chain. */
const dropMonth: Tamper = (scene) => {
  const month = String(scene.heads[0]?.sk).slice('HEAD#'.length);
  for (const item of [...scene.rows, ...scene.blocks, ...scene.heads])
    if (`${item.pk} ${item.sk}`.includes(month)) scene.table.delete(item);
  scene.table.delete({ pk: `AUDITCHAIN#${month}`, sk: String(scene.heads[0]?.pk).slice('AUDITCHAIN#'.length) });
};

/** The ways of each kind; every one of them leaves something for a verification to find. */
export const tampers: Readonly<Record<'edit' | 'delete' | 'reorder' | 'truncate', readonly Tamper[]>> = {
  edit: [
    editRow,
    editRow,
    blankRow,
    (scene) => scene.table.put(editedWithBlock(scene)),
    (scene) => scene.table.put(resealed(editedWithBlock(scene))),
  ],
  delete: [
    deleteRow,
    deleteRow,
    deleteBlock,
    deleteBlockWithRows,
    (scene) => scene.table.put(deletedWithLink(scene)),
    (scene) => scene.table.put(resealed(deletedWithLink(scene))),
  ],
  reorder: [swapRows, moveRow, swapBlocks, swapLinks],
  truncate: [
    truncate({ rows: true }),
    truncate({ rows: true, blocks: true }),
    truncate({ blocks: true }),
    truncate({ rows: true, blocks: true, head: true }),
    truncate({ head: true }),
    dropMonth,
  ],
};
