import type { Item } from '../../platform/table/types.ts';
import type { Partition } from '../domain/audit-row.ts';
import type { Block, Head, Tie } from '../domain/chain.ts';
import { blockKey, headKey } from './keys.ts';

/** A link as `<created_at>#<row id> <hash>`: a person who looks into the table can read it. */
export const blockItem = ({ scope, month, seq, prev, tie, links, newest, hash }: Block): Item => ({
  ...blockKey({ scope, month }, seq),
  seq,
  prev,
  ...(tie && { tie }),
  links: links.map((link) => `${link.position} ${link.hash}`),
  newest,
  hash,
});

const text = (value: unknown) => (typeof value === 'string' ? value : '');
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function readTie(value: unknown): Tie | null {
  const { month, seq } = (value ?? {}) as { month?: unknown; seq?: unknown };
  return typeof month === 'string' && typeof seq === 'number' ? { month, seq } : null;
}

/** Reads whatever lies there: a block that was tampered with must be found, not stumbled over. Its number is that of its key. */
export function readBlock(item: Item): Block {
  const [, month = '', seq = ''] = item.sk.split('#');
  const links = list(item['links']).map((link) => {
    const [position = '', hash = ''] = text(link).split(' ');
    return { position, hash };
  });
  return {
    scope: item.pk.slice(item.pk.indexOf('#') + 1),
    month,
    seq: Number(seq),
    prev: text(item['prev']),
    tie: readTie(item['tie']),
    links,
    newest: text(item['newest']),
    hash: text(item['hash']),
  };
}

export const headItem = (head: Head): Item => ({
  ...headKey(head),
  seq: head.seq,
  hash: head.hash,
  newest: head.newest,
  rows: head.rows,
});

export function readHead(item: Item): Head {
  const partition: Partition = {
    scope: item.pk.slice(item.pk.indexOf('#') + 1),
    month: item.sk.slice(item.sk.indexOf('#') + 1),
  };
  return {
    ...partition,
    seq: Number(item['seq']),
    hash: text(item['hash']),
    newest: text(item['newest']),
    rows: Number(item['rows']),
  };
}
