import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { ConfigurationSet, EmailIdentity, Identity, SuppressionReasons } from 'aws-cdk-lib/aws-ses';
import type { Construct } from 'constructs';
import { tellsMailRecords } from '../local-stage.ts';
import { mailFromOf, prefixOf, type Settings } from '../settings.ts';
import type { Alarms } from './alarms.ts';
import { keepExported } from './told.ts';

export interface MailIdentity {
  from: string;
  configurationSet: string;
  /** What a sender must be allowed to use, `identities` among it. */
  arns: string[];
  /** Each identity of the account: while it is in SES's sandbox, sending takes a right on that of the recipient, beside that of the sender. */
  identities: string;
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);

/**
 * The domain that mails come from, signed by DKIM. In a zone of Route 53 its records are made here; elsewhere somebody puts those that the outputs name into
 * it (docs/runbook.md), and until then SES refuses to send. SES takes a domain once in an account and region: where it has it already, the setting says so.
 */
export function addMailIdentity(scope: Construct, settings: Settings, alarms: Alarms): MailIdentity | undefined {
  const from = mailFromOf(settings);
  if (from === undefined) return undefined;
  const { hostedZoneId, hostedZoneName = settings.domain } = settings;
  const domain = domainOf(from);
  const isInZone =
    hostedZoneId !== undefined && hostedZoneName !== undefined && `.${domain}`.endsWith(`.${hostedZoneName}`);
  const configurationSet = prefixOf(settings);
  const made = new ConfigurationSet(scope, 'Mails', {
    configurationSetName: configurationSet,
    reputationMetrics: true,
    // Whoever can't be reached, or does not want to be, is not sent to again: SES closes an account over that.
    suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
  });
  keepExported(scope, made.configurationSetName);
  if (settings.mailIdentity) {
    const identity = new EmailIdentity(scope, 'MailDomain', {
      identity: isInZone
        ? Identity.publicHostedZone(
            HostedZone.fromHostedZoneAttributes(scope, 'MailZone', { hostedZoneId, zoneName: hostedZoneName }),
          )
        : Identity.domain(domain),
    });
    if (!isInZone && tellsMailRecords(settings))
      for (const [nth, { name, value }] of identity.dkimRecords.entries())
        new CfnOutput(scope, `MailDkimRecord${nth + 1}`, { value: `${name} CNAME ${value}` });
  }
  const identities = Stack.of(scope).formatArn({ service: 'ses', resource: 'identity', resourceName: '*' });
  watchReputation(alarms);
  return {
    from,
    identities,
    configurationSet,
    arns: [
      identities,
      Stack.of(scope).formatArn({
        service: 'ses',
        resource: 'configuration-set',
        resourceName: configurationSet,
      }),
    ],
  };
}

/** Of the account, all of its stages together: that is what SES judges. It looks into 5 % and 0.1 %, and stops an account at twice or five times as much. */
function watchReputation(alarms: Alarms): void {
  const rate = (metricName: string) =>
    new Metric({ namespace: 'AWS/SES', metricName, statistic: 'Maximum', period: Duration.hours(1) });
  alarms.watch('mails-bounce', {
    metric: rate('Reputation.BounceRate'),
    over: 0.05,
    meaning: 'More than 5 % of the mails come back: SES may stop the account from sending.',
    action: 'find who registers addresses that do not exist, and keep them from it.',
    chapter: 'mail-reputation',
  });
  alarms.watch('mails-annoy', {
    metric: rate('Reputation.ComplaintRate'),
    over: 0.001,
    meaning: 'More than one in 1,000 mails is reported as unwanted: SES may stop the account from sending.',
    action: 'find which mails these are, and stop them.',
    chapter: 'mail-reputation',
  });
}
