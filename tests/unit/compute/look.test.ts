import { describe, expect, it } from 'vitest';
import type { Provider, TaggedMachine } from '../../../functions/compute/providers/provider.ts';
import { lookAt } from '../../../functions/compute/reconcile/look.ts';

const group = { workspace_id: 'w', credential_id: 'c', region: 'eu-west-1', provider: 'aws', stamp: 's' } as const;

/** A look at a provider that takes so long for each page. */
function look(pages: number, secondsAPage: number) {
  let [time, asked] = [0, 0];
  const now = () => new Date(time);
  async function* list(): AsyncGenerator<TaggedMachine[]> {
    for (let nth = 0; nth < pages; nth += 1) {
      asked += 1;
      time += secondsAPage * 1_000;
      yield [];
    }
  }
  const connect = async () => ({ list }) as Partial<Provider> as Provider;
  return lookAt(group, connect, now, 30_000).then((seen) => ({ ...seen, asked }));
}

describe('a look at machines', () => {
  it('that ends in time counts', async () => {
    expect(await look(4, 7)).toMatchObject({ machines: [], asked: 4, provider: expect.anything() });
  });

  it('that takes too long ends there, and says nothing but that', async () => {
    const seen = await look(10, 8);
    expect(seen.failure?.reason).toBe('PROVIDER_UNAVAILABLE: it takes too long to list the machines');
    expect([seen.provider, seen.asked]).toEqual([undefined, 4]);
  });

  it('whose time is over before it begins asks nobody', async () => {
    const connect = async () => expect.unreachable();
    expect((await lookAt(group, connect, () => new Date(30_001), 30_000)).failure).toBeDefined();
  });
});
