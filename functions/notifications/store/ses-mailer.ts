import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { meter } from '../../platform/meter.ts';
import { singleTry } from '../../platform/retry/single-try.ts';
import { type Mailer, TooManyMails } from '../ports.ts';

export interface SesMailerOptions {
  client?: SESv2Client;
  from: string;
  configurationSet?: string;
}

/**
 * Longer than other calls have: a slow answer is no refusal. What counts as not taken goes out a second time, and the second code takes the first one's
 * place. The function has 30 s, and nobody waits for it.
 */
const patienceMs = 10_000;

const createSesClient = (): SESv2Client =>
  new SESv2Client({
    ...singleTry,
    requestHandler: { ...singleTry.requestHandler, requestTimeout: patienceMs, socketTimeout: patienceMs },
  });

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });

/** By either name (https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html). */
const throttles = new Set(['TooManyRequestsException', 'ThrottlingException', 'LimitExceededException']);

function refusalOf(error: unknown): unknown {
  return error instanceof Error && throttles.has(error.name) ? new TooManyMails(error) : error;
}

/**
 * One try: a mail whose answer was lost may be on its way, and the queue tries again soon enough. `Simple` content, since SES then makes the headers and
 * encodes what stands in them.
 */
export const createSesMailer = ({
  client = createSesClient(),
  from,
  configurationSet = '',
}: SesMailerOptions): Mailer => ({
  async send(to, { subject, text, html }) {
    meter().add('ses');
    const command = new SendEmailCommand({
      FromEmailAddress: `SkyClust <${from}>`,
      Destination: { ToAddresses: [to] },
      Content: { Simple: { Subject: utf8(subject), Body: { Text: utf8(text), Html: utf8(html) } } },
      ...(configurationSet !== '' && { ConfigurationSetName: configurationSet }),
    });
    await client.send(command).catch((error: unknown) => {
      throw refusalOf(error);
    });
  },
});
