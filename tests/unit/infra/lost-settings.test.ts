import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { readDeployedSettings } from '../../../infra/commands/deployed-settings.ts';
import { refuseLostSettings } from '../../../infra/lost-settings.ts';
import { ownSettings, readSettings, type Settings } from '../../../infra/settings.ts';
import { script } from '../../support/scripted-client.ts';
import { synthesise } from './templates.ts';

const contextOf = (written: object, given: object = {}) => {
  const values: Record<string, unknown> = { stage: 'prod', stages: { prod: written }, ...given };
  return { tryGetContext: (name: string) => values[name] };
};
const settingsOf = (written: object, given?: object) => readSettings(contextOf(written, given));
/** As it was handed on: through the output of a stack. */
const deployed = (written: object): Partial<Settings> => JSON.parse(JSON.stringify(ownSettings(settingsOf(written))));

const deploying = (before: object, written: object, given?: object) => () =>
  refuseLostSettings(contextOf(written, given), deployed(before), settingsOf(written, given));

describe('a deployment', () => {
  const mail = { mailFrom: 'no-reply@b.co' };
  const admin = { ...mail, adminEmail: 'a@b.co' };

  it.each<[string, object, object]>([
    ['adminEmail', admin, mail],
    ['mailFrom', mail, {}],
    ['domain', { domain: 'b.co' }, {}],
    ['auditLock', { auditLock: 'compliance' }, {}],
    ['auditRetentionDays', { auditRetentionDays: 3_650 }, {}],
    ['originSecretRound', { originSecretRound: 2 }, {}],
    ['limits', { limits: { user: 5 } }, {}],
    ['formerCredentialsKeys', { formerCredentialsKeys: ['arn:aws:kms:eu-west-1:111122223333:key/1'] }, {}],
    ['firewall', { firewall: false }, {}],
  ])('does not drop %s because nobody says it any more', (name, before, now) => {
    expect(deploying(before, now)).toThrow(
      new RegExp(`stage prod: it would lose[\\s\\S]*\\n {2}${name}: is [\\s\\S]*accept=${name}$`),
    );
    expect(deploying(before, now, { accept: name })).not.toThrow();
    expect(deploying(before, before)).not.toThrow();
    expect(deploying(before, {}, before)).not.toThrow();
  });

  it.each<[string, object, object]>([
    ['adminEmail', admin, { ...mail, adminEmail: '' }],
    ['auditLock', { auditLock: 'compliance' }, { auditLock: 'governance' }],
    ['auditRetentionDays', { auditRetentionDays: 3_650 }, { auditRetentionDays: 500 }],
    ['originSecretRound', { originSecretRound: 3 }, { originSecretRound: 2 }],
    [
      'formerCredentialsKeys',
      { formerCredentialsKeys: ['arn:aws:kms:eu-west-1:111122223333:key/1'] },
      { formerCredentialsKeys: [] },
    ],
  ])('does not weaken %s by what is written alone', (name, before, now) => {
    expect(deploying(before, now)).toThrow(new RegExp(`\\n {2}${name}: is `));
    expect(deploying(before, now, { accept: `stage,${name}` })).not.toThrow();
    expect(deploying(now, before)).not.toThrow();
  });

  it('does not weaken what was left at its default, either', () => {
    expect(deploying({}, { auditRetentionDays: 500 })).toThrow(/auditRetentionDays: is 1095, would be 500/);
    expect(deploying({}, { auditRetentionDays: 2_000 })).not.toThrow();
  });

  it('names all that it would lose, and how to say that it is meant', () => {
    expect(deploying({ ...admin, auditLock: 'compliance' }, {})).toThrow(
      /adminEmail: is a@b\.co, would be empty\n {2}auditLock[\s\S]*-c accept=.*adminEmail.*auditLock/,
    );
  });

  it('sets what it says, and stops and starts clocks, as ever', () => {
    expect(deploying({ tokenHours: 2, ...mail }, { tokenHours: 1, mailFrom: 'other@b.co' })).not.toThrow();
    expect(deploying({ reconcile: false, timers: false, accountSweep: false }, {})).not.toThrow();
    // A default of another version takes nothing away that anybody said.
    expect(deploying({ logDays: 30, auditRetentionDays: 1_095 }, {})).not.toThrow();
    expect(deploying({}, {}, { auditAnchor: 'false', auditArchive: 'false' })).not.toThrow();
  });
});

describe('what a stage was deployed with', () => {
  const reading = (...steps: Parameters<typeof script>[1]) => {
    const client = new CloudFormationClient({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    script(client, steps);
    return readDeployedSettings('skyclust-prod-data', client);
  };

  it('is told by its data stack', async () => {
    const { Settings } = synthesise('dev', 'adminEmail=ops@example.com', 'mailFrom=no-reply@example.com').data.toJSON()
      .Outputs;
    const Outputs = [
      { OutputKey: 'TableName', OutputValue: 't' },
      { OutputKey: 'Settings', OutputValue: Settings.Value },
    ];
    expect(await reading({ Stacks: [{ Outputs }] })).toEqual({
      logDays: 14,
      adminEmail: 'ops@example.com',
      mailFrom: 'no-reply@example.com',
    });
  });

  it('is nothing before the first deployment, nor of a version that did not tell', async () => {
    const none = new Error('Stack with id skyclust-prod-data does not exist');
    expect(await reading(none)).toBeUndefined();
    expect(await reading({ Stacks: [{ Outputs: [] }] })).toBeUndefined();
  });

  it('is not taken for nothing because it cannot be read', async () => {
    await expect(reading(new Error('not authorized to perform: cloudformation:DescribeStacks'))).rejects.toThrow(
      'not authorized',
    );
  });
});
