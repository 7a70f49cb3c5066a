type AttributeValue = Record<string, unknown>;
export type DynamodbKey = Record<string, AttributeValue>;

/** One item that a call reads or writes. `index` is its place in a transaction or batch. */
export interface Touched {
  table: string;
  /** The item itself where the call holds it whole, else its key. */
  item: DynamodbKey;
  index: number;
}

interface Body {
  TableName?: string;
  Item?: DynamodbKey;
  Key?: DynamodbKey;
  TransactItems?: Record<string, { TableName: string; Item?: DynamodbKey; Key?: DynamodbKey }>[];
  RequestItems?: Record<
    string,
    { Keys?: DynamodbKey[] } | { PutRequest?: { Item: DynamodbKey }; DeleteRequest?: { Key: DynamodbKey } }[]
  >;
}

const inBatch = (body: Body): Touched[] =>
  Object.entries(body.RequestItems ?? {}).flatMap(([table, request]) => {
    const items = Array.isArray(request)
      ? request.map((write) => write.PutRequest?.Item ?? write.DeleteRequest?.Key ?? {})
      : (request.Keys ?? []);
    return items.map((item, index) => ({ table, item, index }));
  });

/** Which items a call of DynamoDB's JSON protocol names. A query or scan names a table alone. */
export const touchedItems = (body: Body): Touched[] => {
  if (body.TransactItems !== undefined) {
    return body.TransactItems.map((entry, index) => {
      const [action] = Object.values(entry);
      return { table: action?.TableName ?? '', item: action?.Item ?? action?.Key ?? {}, index };
    });
  }
  if (body.RequestItems !== undefined) return inBatch(body);
  return [{ table: body.TableName ?? '', item: body.Item ?? body.Key ?? {}, index: 0 }];
};

/** The text of an item's string attribute, as of its key. */
export const textOf = (item: DynamodbKey, attribute: string): string | undefined => {
  const value = item[attribute]?.S;
  return typeof value === 'string' ? value : undefined;
};
