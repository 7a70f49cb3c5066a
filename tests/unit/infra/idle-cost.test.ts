import { expect, it } from 'vitest';
import { readCosts } from '../../support/cost-table.ts';
import { resourcesOf, synthesise } from './templates.ts';

const { data, core, control, edge } = synthesise('dev', 'adminEmail=ops@example.com', 'mailFrom=no-reply@example.com');
const all = (type: string) => resourcesOf(type, data, core, control, edge);

const rows = [
  ...readCosts('A stage that nobody calls').matchAll(
    /^\| ([^|(]+?)(?: \([^|]*)? \| ?(\d*) \| ?([\d.]*) \| ([\d.]+) \|$/gm,
  ),
].map(([, what, count, each, sum]) => ({ what, count: Number(count), each: Number(each), sum: Number(sum) }));

it('what a stage holds that is paid by the month is what docs/costs.md says', () => {
  const firewalls = all('AWS::WAFv2::WebACL');
  const mappings = all('AWS::Lambda::EventSourceMapping').map(({ Properties }) => Properties);
  const sources = mappings.map((properties) => JSON.stringify(properties));
  expect(Object.fromEntries(rows.slice(0, -1).map(({ what, count }) => [what, count]))).toEqual({
    firewall: firewalls.length,
    'firewall rules': firewalls.flatMap(({ Properties }) => Properties.Rules).length,
    alarms: all('AWS::CloudWatch::Alarm').length,
    dashboards: all('AWS::CloudWatch::Dashboard').length,
    keys: all('AWS::KMS::Key').length,
    secrets: all('AWS::SecretsManager::Secret').length,
    "figures of the stream's consumers": mappings.filter(({ MetricsConfig }) => MetricsConfig !== undefined).length,
    'queues that Lambda polls': sources.filter((source) => !source.includes('tablestreamarn')).length,
  });
});

it('it adds up', () => {
  const dollars = rows.slice(0, -1).map(({ count, each, sum }) => [sum, Math.round(count * each * 100) / 100]);
  expect(dollars.map(([written]) => written)).toEqual(dollars.map(([, counted]) => counted));
  const total = dollars.reduce((sum, [, counted = 0]) => sum + counted, 0);
  expect(rows.at(-1)).toMatchObject({ what: 'in all', sum: Math.round(total * 100) / 100 });
});
