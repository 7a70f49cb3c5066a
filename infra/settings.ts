import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';

/** CloudWatch Logs takes these and no others. */
const logRetentions = new Set([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653]);
const keyArn = /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/;
const limit = z.coerce.number().int().positive();

const fields = z.strictObject({
  stage: z.string().regex(/^[a-z][a-z0-9]{1,11}$/, 'takes 2 to 12 lower-case letters and digits, a letter first'),
  region: z.string().optional(),
  domain: z.hostname().optional(),
  hostedZoneId: z.string().optional(),
  hostedZoneName: z.hostname().optional(),
  /** Who mails come from; `no-reply@<domain>` unless given. Without either the stage sends none. */
  mailFrom: z.email().optional(),
  /** Make the domain of mails known to SES. Off where it is already: by another stage of the account and region, or by hand. */
  mailIdentity: z.union([z.boolean(), z.stringbool()]).default(true),
  /** Who becomes the first admin by verifying this address, and hears alarms; the stage has to send mails. Empty: the first user who registers. */
  adminEmail: z.union([z.literal(''), z.email()]).default(''),
  /** Calls an hour. What is left out has the product's default. */
  limits: z
    .strictObject({ user: limit, api_key: limit, node: limit, anonymous: limit, sign_in: limit })
    .partial()
    .default({}),
  /** How long an access token lives. */
  tokenHours: z.coerce.number().int().min(1).max(24).default(1),
  sessionDays: z.coerce.number().int().min(1).max(365).default(30),
  /** A number that CloudWatch Logs knows. */
  logDays: z.coerce
    .number()
    .refine((days) => logRetentions.has(days), `takes one of ${[...logRetentions].join(', ')}`)
    .default(30),
  /** At most so many reach each API in a second, whoever sends them: a bound on the bill. */
  requestsPerSecond: z.coerce.number().int().min(1).max(10_000).default(500),
  /** The firewall before the edge: 10 USD a month, whether or not anyone calls. */
  firewall: z.union([z.boolean(), z.stringbool()]).default(true),
  /** Compare VMs with the machines of their clouds every 5 minutes. Off, records drift from what is there. */
  reconcile: z.union([z.boolean(), z.stringbool()]).default(true),
  /** Do what is due at a time: expiries and schedules. Off, they are late, and caught up with once it is on. */
  timers: z.union([z.boolean(), z.stringbool()]).default(true),
  /** Anchor the audit chains outside of the table every 15 minutes. Off, a rollback since the last anchor is not found. */
  auditAnchor: z.union([z.boolean(), z.stringbool()]).default(true),
  /** Archive each day of audit rows in the bucket of the anchors, once a day. Off, no row expires from the table. */
  auditArchive: z.union([z.boolean(), z.stringbool()]).default(true),
  /** Remove accounts at Cognito that no user came of, once a day. Off, they stay, and nobody is told of users without an account. */
  accountSweep: z.union([z.boolean(), z.stringbool()]).default(true),
  /** How long the table holds audit rows, which then are in the archive alone; 0 is for ever. Late rows take up to 16 days. */
  auditTableDays: z.coerce
    .number()
    .int()
    .refine((days) => days === 0 || (days >= 30 && days <= 36_500), 'takes 0, or 30 to 36500 days')
    .default(400),
  /**
   * How long nobody can delete an anchor or an archived row; for those that are added from then on. Longer than the table holds rows: from there on the
   * archive has the only copy.
   */
  auditRetentionDays: z.coerce.number().int().min(1).max(36_500).default(1_095),
  /** Who may end a lock early: with governance whoever has a right that no function of ours has; with compliance nobody, not even AWS's root user. */
  auditLock: z.enum(['governance', 'compliance']).default('governance'),
  /** Keys of other stages that credentials and user data were sealed under before they came here: ARNs in this region. They open, and seal nothing. */
  formerCredentialsKeys: z
    .preprocess(
      (value) => (typeof value === 'string' ? value.split(',') : value),
      z.array(z.string().regex(keyArn, 'takes ARNs of KMS keys')),
    )
    .default([]),
  /** One more than before after the edge's secret was rotated: it is read anew. */
  originSecretRound: z.coerce.number().int().min(1).default(1),
});

export type Settings = z.output<typeof fields>;
export const settingNames = Object.keys(fields.shape);

/** What a stage can be set to: `cdk.json`, `context.stages.<stage>`, or `-c name=value` for one deployment. */
const settingsSchema = fields
  .refine((settings) => settings.adminEmail === '' || mailFromOf(settings) !== undefined, {
    path: ['adminEmail'],
    message:
      'takes mailFrom or domain beside it: who verifies this address becomes the first admin, and without a sender the stage mails no code. ' +
      'Leave it out, and whoever registers first is the admin',
  })
  .refine(({ auditTableDays, auditRetentionDays }) => auditRetentionDays > auditTableDays, {
    path: ['auditRetentionDays'],
    error: ({ input }) => {
      const { auditTableDays } = input as { auditTableDays: number };
      return `takes more than auditTableDays (${auditTableDays}): when a row leaves the table, the archive has the only copy, which must not be one that can be deleted`;
    },
  });

/** Where a value is read from: the app's context. */
export interface Context {
  tryGetContext(name: string): unknown;
}

const refuse = (stage: unknown, why: string): never => {
  throw new Error(`cannot read the settings of stage ${String(stage)} (cdk.json, or -c name=value): ${why}`);
};

/** `-c limits={"user":5}` arrives as text. */
function readJson(stage: unknown, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse(stage, 'limits: takes JSON');
  }
}

export const defaultSettings = (stage: string): Settings => fields.parse({ stage });

/** What is set otherwise than it is by itself: a later version may have other defaults. */
export function ownSettings(settings: Settings): Partial<Settings> {
  const defaults: Partial<Settings> = defaultSettings(settings.stage);
  const own = Object.entries(settings).filter(
    ([name, value]) => !isDeepStrictEqual(value, defaults[name as keyof Settings]),
  );
  return Object.fromEntries(own);
}

/** The names of the settings that somebody wrote or gave; the others have their defaults. */
export function saidSettings(context: Context): ReadonlySet<string> {
  const stages = context.tryGetContext('stages') as Record<string, object> | undefined;
  const written = Object.keys(stages?.[String(context.tryGetContext('stage'))] ?? {});
  return new Set([...written, ...settingNames.filter((name) => context.tryGetContext(name) !== undefined)]);
}

/** @throws when a setting does not fit; the message names each one. */
export function readSettings(context: Context): Settings {
  const stage = context.tryGetContext('stage');
  const stages = context.tryGetContext('stages') as Record<string, object> | undefined;
  const written = stages?.[String(stage)];
  if (written === undefined) refuse(stage, `there is ${Object.keys(stages ?? {}).join(', ') || 'no stage at all'}`);
  const given = settingNames.flatMap((name) => {
    const value = context.tryGetContext(name);
    if (name === 'stage' || value === undefined) return [];
    return [[name, name === 'limits' && typeof value === 'string' ? readJson(stage, value) : value]];
  });
  const parsed = settingsSchema.safeParse({ ...written, ...Object.fromEntries(given), stage });
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `\n  ${path.join('.') || 'settings'}: ${message}`);
  return refuse(stage, issues.join(''));
}

/** Who mails come from; undefined where the stage sends none. */
export function mailFromOf({ mailFrom, domain }: Pick<Settings, 'mailFrom' | 'domain'>): string | undefined {
  return mailFrom ?? (domain === undefined ? undefined : `no-reply@${domain}`);
}

/** What the names of a stage's resources begin with. */
export const prefixOf = ({ stage }: Settings): string => `skyclust-${stage}`;
