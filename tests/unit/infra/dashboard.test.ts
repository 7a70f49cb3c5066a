import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deadLetters } from '../../../infra/dead-letters.ts';
import { functions } from '../../../infra/functions.ts';
import { resourcesOf, synthesise } from './templates.ts';

const { core } = synthesise('dev', 'adminEmail=ops@example.com', 'mailFrom=no-reply@example.com');
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
});
