export { absent, all, equals, exists } from './fragment.ts';
export type {
  Fragment,
  Item,
  Key,
  Page,
  PlainWrite,
  Position,
  Query,
  ReadOptions,
  Refuse,
  Table,
  Write,
} from './types.ts';
