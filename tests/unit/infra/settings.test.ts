import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readContext } from '../../../infra/context.ts';
import { readSettings, settingNames } from '../../../infra/settings.ts';

const settingsWith = (...pairs: string[]) => readSettings(readContext(pairs.flatMap((pair) => ['-c', pair])));

describe('the settings of a stage', () => {
  it('are those of cdk.json', () => {
    expect(settingsWith()).toMatchObject({ stage: 'dev', logDays: 14, tokenHours: 1, adminEmail: '', limits: {} });
    expect(settingsWith('stage=prod')).toMatchObject({ stage: 'prod', logDays: 90 });
  });

  it('give way to those of the command', () => {
    expect(settingsWith('stage=prod', 'logDays=365', 'tokenHours=24', 'limits={"user":5}')).toMatchObject({
      logDays: 365,
      tokenHours: 24,
      limits: { user: 5 },
    });
    expect(
      readSettings(readContext(['--context=stage=prod', '--context', 'adminEmail=a@b.co', '-c', 'domain=b.co'])),
    ).toMatchObject({
      stage: 'prod',
      adminEmail: 'a@b.co',
    });
  });

  it.each([
    ['stage=prd', /stage prd .* there is local, dev, prod/],
    ['tokenHours=25', /tokenHours: /],
    ['tokenHours=0', /tokenHours: /],
    ['logDays=8', /logDays: takes one of 1, 3, 5/],
    ['adminEmail=nobody', /adminEmail: /],
    ['domain=not a domain', /domain: /],
    ['limits={"users":5}', /limits: .*users/],
    ['limits={"user":0}', /limits\.user: /],
    ['limits=five', /limits: takes JSON/],
    ['formerCredentialsKeys=alias/skyclust-old-credentials', /formerCredentialsKeys.*takes ARNs of KMS keys/],
    ['auditRetentionDays=400', /auditRetentionDays: takes more than auditTableDays \(400\)/],
    ['auditTableDays=1095', /auditRetentionDays: takes more than auditTableDays \(1095\)/],
  ])('are refused with the reason: %s', (pair, reason) => {
    expect(() => settingsWith(pair)).toThrow(reason);
  });

  it('name an admin by an address only where codes can be mailed to it: else nobody would ever be one', () => {
    expect(() => settingsWith('stage=prod', 'adminEmail=a@b.co')).toThrow(/adminEmail: takes mailFrom or domain/);
    for (const sender of ['domain=b.co', 'mailFrom=no-reply@b.co'])
      expect(settingsWith('stage=prod', 'adminEmail=a@b.co', sender)).toMatchObject({ adminEmail: 'a@b.co' });
    expect(settingsWith('stage=local', 'adminEmail=a@b.co')).toMatchObject({ adminEmail: 'a@b.co' });
  });

  it('lock the archive for longer than the table holds rows', () => {
    const { auditTableDays, auditRetentionDays } = settingsWith();
    expect(auditRetentionDays).toBeGreaterThan(2 * auditTableDays);
    // What stays in the table for ever has another copy.
    expect(settingsWith('auditTableDays=0', 'auditRetentionDays=1')).toMatchObject({ auditRetentionDays: 1 });
  });

  it('are refused all at once', () => {
    expect(() => settingsWith('tokenHours=25', 'logDays=8')).toThrow(
      /tokenHours[\s\S]*logDays|logDays[\s\S]*tokenHours/,
    );
  });

  it('are all in the table of README.md', () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
    const names = [...readme.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(
      ([, cell = '']) => cell.match(/\w+/g) ?? [],
    );
    expect(names).toEqual(expect.arrayContaining(settingNames));
  });
});
