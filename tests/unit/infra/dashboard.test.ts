import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deadLetters } from '../../../infra/dead-letters.ts';
import { functions } from '../../../infra/functions.ts';
import { resourcesOf, synthesise } from './templates.ts';

const { core, control } = synthesise('dev', 'adminEmail=ops@example.com', 'mailFrom=no-reply@example.com');
const body = JSON.stringify(
  resourcesOf('AWS::CloudWatch::Dashboard', core).map(({ Properties }) => Properties.DashboardBody),
);

describe('the dashboard', () => {
  it('shows every function, every queue in which something waits, and every state machine', () => {
    const machines = readdirSync(new URL('../../../state-machines', import.meta.url));
    for (const name of [...Object.keys(functions), ...Object.keys(deadLetters), ...machines])
      expect(body, name).toContain(`skyclust-dev-${name}`);
  });

  it('shows what people meet: requests, failures, the time to answer', () => {
    for (const name of ['Count', '5xx', 'Latency', 'p99']) expect(body).toContain(name);
  });

  it.each([
    ['sockets', ['ConnectCount', 'MessageCount', 'ClientError', 'IntegrationError', 'ExecutionError']],
    ['queues of work', ['ApproximateAgeOfOldestMessage', 'skyclust-dev-mails', 'skyclust-dev-relay-failures']],
    ['figures of our own', ['AuditDaysBehind', 'UsersWithoutAccount', 'Faults', 'MailsDelayed', 'CodesGivenUp']],
    ['mails', ['AWS/SES', 'Bounce', 'Complaint', 'Reputation.BounceRate', 'Reputation.ComplaintRate']],
    ['the index', ['GlobalSecondaryIndexName', 'gsi1']],
    ['workflows that a person ended', ['ExecutionsAborted']],
  ])('shows %s', (_, names) => {
    for (const name of names) expect(body).toContain(`${name}\\"`);
  });

  it('shows the depth and the age of each queue of work', () => {
    const work = resourcesOf('AWS::SQS::Queue', core, control)
      .map(({ Properties }) => String(Properties.QueueName))
      .filter((name) => !Object.keys(deadLetters).includes(name.replace('skyclust-dev-', '')));
    for (const name of work)
      for (const metric of ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'])
        expect(body).toMatch(new RegExp(`${metric}\\W+QueueName\\W+${name}\\W`));
  });
});
