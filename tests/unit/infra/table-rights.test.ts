import { describe, expect, it } from 'vitest';
import { routes } from '../../../contracts/routes.ts';
import { bundleFunctions } from '../../../infra/bundle.ts';
import { functions } from '../../../infra/functions.ts';
import { list, statementsByFunction } from './statements.ts';
import { synthesise } from './templates.ts';

const { data, core, control } = synthesise('dev', 'adminEmail=ops@example.com', 'mailFrom=no-reply@example.com');
const { metafile } = await bundleFunctions();
const statementsOf = statementsByFunction(data, core, control);

const tableStatements = (name: string) =>
  (statementsOf.get(name) ?? [])
    .filter(({ Action }) => list(Action).some((action) => action.startsWith('dynamodb:')))
    .filter(({ Effect }) => Effect === 'Allow')
    .map(({ Action, Condition }) => [list(Action), Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys']]);

describe('who keeps connections', () => {
  it('reads who somebody is and writes connections and presences, nothing else', () => {
    expect(tableStatements('realtime-socket')).toEqual([
      [
        ['dynamodb:GetItem', 'dynamodb:BatchGetItem'],
        ['PRINCIPAL#*', 'PRESENCE#*'],
      ],
      [
        ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
        ['CONNECTION#*', 'PRESENCE#*'],
      ],
      [['dynamodb:DeleteItem'], ['CONNECTION#*']],
    ]);
  });

  it('who pushes reads who is to know, and writes presences alone', () => {
    expect(tableStatements('realtime-push')).toEqual([
      [
        ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
        ['PRINCIPAL#*', 'PRESENCE#*', 'WS#*', 'SYSTEM'],
      ],
      [['dynamodb:UpdateItem'], ['PRESENCE#*']],
    ]);
  });
});

describe('the audit trail', () => {
  const writing = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];
  const changing = writing.slice(1);
  /** Those whose rights to write name no partitions, or such of the trail. What audit-archive may write is all that it is allowed: archive-rights.test.ts. */
  const writers = Object.keys(functions).filter(
    (name) =>
      name !== 'audit-archive' &&
      tableStatements(name).some(
        ([actions, partitions]) =>
          list(actions as string[]).some((action) => writing.includes(action)) &&
          (partitions === undefined || list(partitions as string[]).some((one) => one.startsWith('AUDIT'))),
      ),
  );
  const addRows = writers.filter((name) => {
    const inputs = metafile.outputs[`dist/functions/${name}/index.mjs`]?.inputs ?? {};
    return (inputs['functions/platform/api/audit-row.ts']?.bytesInOutput ?? 0) > 0;
  });
  const denials = (name: string) =>
    (statementsOf.get(name) ?? [])
      .filter(({ Effect }) => Effect === 'Deny')
      .map(({ Action, Condition }) => [list(Action), Condition?.['ForAnyValue:StringLike']?.['dynamodb:LeadingKeys']]);

  it('gets rows from those who answer calls, and from nobody else', () => {
    const answering = new Set<string>(Object.values(routes).map(({ fn }) => fn));
    expect(addRows.toSorted()).toEqual([...answering].toSorted());
    expect(writers.length).toBeGreaterThan(addRows.length);
  });

  it.each(writers)('has no row changed or deleted by %s, nor replaced unless it adds rows itself', (name) => {
    expect(denials(name)).toContainEqual([addRows.includes(name) ? changing : writing, ['AUDIT#*']]);
  });

  it.each(writers)('has no block and no index written by %s, unless that is its work', (name) => {
    expect(denials(name)).toContainEqual([
      name === 'audit-chain' ? changing : writing,
      ['AUDITCHAIN#*', 'AUDITINDEX#*', 'AUDITARCHIVE'],
    ]);
  });

  it('has its chain written where it lies, and read there, by audit-chain', () => {
    expect(tableStatements('audit-chain').filter(([actions]) => !String(actions).includes('Stream'))).toEqual([
      [['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], ['AUDITCHAIN#*']],
      [['dynamodb:PutItem'], ['AUDITCHAIN#*', 'AUDITINDEX#*']],
    ]);
  });
});
