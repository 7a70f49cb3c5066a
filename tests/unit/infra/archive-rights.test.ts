import { describe, expect, it } from 'vitest';
import { functions } from '../../../infra/functions.ts';
import { list, statementsByFunction } from './statements.ts';
import { resourcesOf, synthesise } from './templates.ts';

const { core, control } = synthesise('dev', 'adminEmail=ops@example.com', 'mailFrom=no-reply@example.com');
const statementsOf = statementsByFunction(core, control);

/** The same as in data-stack.test.ts, so that it is synthesised once. */
const forEverSettings = [
  'dev',
  'adminEmail=ops@example.com',
  'mailFrom=no-reply@example.com',
  'auditLock=compliance',
  'auditRetentionDays=30',
  'auditTableDays=0',
] as const;

describe('the archive of audit rows', () => {
  const allowed = (name: string, service: string) =>
    (statementsOf.get(name) ?? []).filter(({ Action }) => list(Action).some((action) => action.startsWith(service)));

  it('is written by audit-archive alone, which can set nothing of a row or its index but when it ends, and delete none', () => {
    expect(
      allowed('audit-archive', 'dynamodb:').map(({ Effect, Action, Condition }) => [Effect, Action, Condition]),
    ).toEqual([
      [
        'Allow',
        ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
        {
          'ForAllValues:StringLike': {
            'dynamodb:LeadingKeys': ['AUDIT#*', 'AUDITCHAIN#*', 'AUDITINDEX#*', 'AUDITARCHIVE'],
          },
        },
      ],
      ['Allow', 'dynamodb:PutItem', { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['AUDITARCHIVE'] } }],
      [
        'Allow',
        'dynamodb:UpdateItem',
        {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['AUDIT#*', 'AUDITINDEX#*'] },
          'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk', 'ttl'] },
        },
      ],
    ]);
  });

  it('is put under its own keys: its writer reads anchors and adds none, its readers see which days have expired', () => {
    const puts = Object.keys(functions).filter((name) =>
      allowed(name, 's3:PutObject').some(({ Resource }) => JSON.stringify(Resource).includes('/archive/*')),
    );
    expect(puts).toEqual(['audit-archive']);
    for (const { Resource } of allowed('audit-archive', 's3:PutObject'))
      expect(JSON.stringify(Resource)).not.toContain('/anchors/*');
    const listed = (name: string) =>
      allowed(name, 's3:ListBucket').map(({ Condition }) => Condition?.StringLike?.['s3:prefix']);
    expect(listed('audit-archive')).toEqual(['anchors/*', 'archive/*']);
    expect(listed('audit-api')).toEqual(['anchors/*', 'archive/expired/*']);
  });

  it('lets no row end where the stage keeps them for ever', () => {
    const { core: forEver } = synthesise(...forEverSettings);
    const policies = resourcesOf('AWS::IAM::Policy', forEver).filter(
      ({ Properties }) =>
        JSON.stringify(Properties).includes('"AUDITARCHIVE"') && JSON.stringify(Properties).includes('archive/*'),
    );
    expect(policies).toHaveLength(1);
    expect(JSON.stringify(policies)).not.toContain('dynamodb:UpdateItem');
  });
});
