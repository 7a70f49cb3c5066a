import type { SharedStack } from '../../support/global-setup.ts';

export interface Received {
  to: string[];
  from: string;
  subject: string;
  text: string;
  html: string;
}

interface Recorded {
  Source: string;
  To: string[];
  Subject: string;
  BodyText: string;
  BodyHtml: string;
}

/** What the emulator's SES has taken for an address, oldest first. */
export async function mailsTo({ client }: Pick<SharedStack, 'client'>, address: string): Promise<Received[]> {
  const answer = await fetch(`${client.endpoint}/_ministack/ses/messages`);
  const { messages } = (await answer.json()) as { messages: Record<string, Recorded[]> };
  return Object.values(messages)
    .flat()
    .filter(({ To }) => To.includes(address))
    .map(({ Source, To, Subject, BodyText, BodyHtml }) => ({
      to: To,
      from: Source,
      subject: Subject,
      text: BodyText,
      html: BodyHtml,
    }));
}
