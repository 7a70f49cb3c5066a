import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ArchiveFolder } from './read-folder.ts';

interface Manifest {
  format: string;
  day: string;
  findings: unknown[];
  parts: { key: string; sha256: string; rows: number }[];
}

interface Block {
  scope: string;
  month: string;
  seq: number;
  prev: string;
  tie: { month: string; seq: number } | null;
  links: [position: string, hash: string][];
  newest: string;
  hash: string;
}

const rowFields =
  'id user_id action resource resource_id workspace_id success status ip_address user_agent request_id created_at';

const digest = (fields: unknown[]) => createHash('sha256').update(JSON.stringify(fields)).digest('base64url');
const hashRow = (row: Record<string, unknown>) => digest(['row-1', ...rowFields.split(' ').map((name) => row[name])]);
const hashBlock = ({ scope, month, seq, prev, tie, links, newest }: Block) =>
  digest(['block-1', scope, month, seq, prev, tie && [tie.month, tie.seq], links, newest]);

/**
 * Checks days against themselves and one another. Written from the format alone, apart from the code that writes it: what is archived can be verified by
 * whoever knows what stands here.
 */
export function verifyArchive({ manifests, parts }: ArchiveFolder) {
  const wrong: string[] = [];
  const chains = new Map<string, Map<number, Block>>();
  let rows = 0;

  const readPart = (day: string, text: string) => {
    let expected = new Map<string, string>();
    const endBlock = () => {
      for (const position of expected.keys()) wrong.push(`${day}: row ${position} is missing`);
    };
    for (const line of text.split('\n').filter((one) => one !== '')) {
      const { block, row } = JSON.parse(line) as { block?: Block; row?: Record<string, unknown> };
      if (block !== undefined) {
        endBlock();
        expected = new Map(block.links.filter(([position]) => position.startsWith(day)));
        const name = `${block.scope} ${block.month}`;
        const chain = chains.get(name) ?? new Map<number, Block>();
        chains.set(name, chain.set(block.seq, block));
        if (hashBlock(block) !== block.hash) wrong.push(`${day}: block ${block.seq} of ${name} is not what it was`);
      } else if (row !== undefined) {
        rows += 1;
        const position = `${row['created_at']}#${row['id']}`;
        if (expected.get(position) !== hashRow(row)) wrong.push(`${day}: row ${position} is not what it was`);
        expected.delete(position);
      }
    }
    endBlock();
  };

  for (const { name, text } of manifests) {
    const manifest = JSON.parse(text) as Manifest;
    if (manifest.format !== 'archive-1') wrong.push(`${name} is no manifest`);
    if (manifest.findings.length > 0)
      wrong.push(`${manifest.day}: was archived as it was, with ${manifest.findings.length} findings`);
    for (const { key, sha256 } of manifest.parts) {
      const bytes = parts.get(basename(key));
      const found = bytes && createHash('sha256').update(bytes).digest('hex');
      if (bytes === undefined || found !== sha256)
        wrong.push(`${manifest.day}: ${key} ${bytes === undefined ? 'is missing' : 'is not what was written'}`);
      else readPart(manifest.day, gunzipSync(bytes).toString('utf8'));
    }
  }
  for (const [name, chain] of chains)
    for (const block of chain.values()) {
      const before = chain.get(block.seq - 1);
      if (before !== undefined && before.hash !== block.prev)
        wrong.push(`block ${block.seq} of ${name} does not follow the one before it`);
    }
  const blocks = [...chains.values()].reduce((sum, chain) => sum + chain.size, 0);
  return { days: manifests.length, blocks, rows, wrong };
}
