import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../functions/compute/domain/provider-error.ts';
import type { CatalogReader } from '../../../functions/compute/providers/catalog.ts';

export interface CatalogSubject {
  /** As `region` has it; or with a secret that is not one of this provider's. */
  catalog(secret?: unknown): CatalogReader;
  region: string;
  /** Of which `vcpus` and `memory_mb` are known. */
  knownType: { name: string; vcpus: number; memory_mb: number };
  knownFamily: string;
  missingInstanceId: string;
  /** Makes one, named so, and answers its id. */
  makeInstance(name: string): Promise<string>;
  /** The next read meets it. */
  failNext(fault: 'throttled' | 'no answer' | 'credential rejected'): void;
  pendingFaults(): number;
}

const isSorted = (names: readonly string[]) => expect(names).toEqual(names.toSorted());

/** What the catalog of every provider must do, run on each of them. */
export function catalogContract(name: string, subject: () => CatalogSubject): void {
  describe(`${name}, its catalog`, () => {
    it('has types with what they are, by name, each once', async () => {
      const { knownType } = subject();
      const types = await subject().catalog().instanceTypes();
      expect(types).toContainEqual({ ...knownType, gpu: 0 });
      isSorted(types.map((type) => type.name));
      expect(new Set(types.map((type) => type.name)).size).toBe(types.length);
      for (const type of types)
        expect([type.name, type.vcpus > 0, type.memory_mb > 0]).toEqual([type.name, true, true]);
    });

    it('has regions with a name for people, by name', async () => {
      const regions = await subject().catalog().regions();
      expect(regions.map((region) => region.name)).toContain(subject().region);
      isSorted(regions.map((region) => region.name));
      for (const region of regions) expect(region.display_name).not.toBe('');
    });

    it('has the current image of a system for each processor, and no two of one', async () => {
      const images = await subject().catalog().images();
      expect(images.map(({ family }) => family)).toContain(subject().knownFamily);
      const kinds = images.map(({ family, architecture }) => `${family} ${architecture}`);
      expect(new Set(kinds).size).toBe(kinds.length);
    });

    it('shows an instance as it lists it, whoever made it', async () => {
      const id = await subject().makeInstance('from elsewhere');
      const shown = await subject().catalog().instance(id);
      expect(shown).toMatchObject({ id, name: 'from elsewhere', region: subject().region });
      expect(shown?.created_at).toMatch(/^\d{4}-.*Z$/);
      const listed = (await subject().catalog().instances()).find((instance) => instance.id === id);
      expect(listed).toMatchObject({ id, name: 'from elsewhere', type: shown?.type });
    });

    it('knows no instance of another id', async () => {
      expect(await subject().catalog().instance(subject().missingInstanceId)).toBeUndefined();
    });

    it('says why it does not answer', async () => {
      const expected = {
        throttled: 'ProviderThrottled',
        'no answer': 'ProviderUnavailable',
        'credential rejected': 'CredentialRejected',
      } as const;
      for (const [fault, error] of Object.entries(expected)) {
        subject().failNext(fault as keyof typeof expected);
        const failed = await subject()
          .catalog()
          .instances()
          .then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
        expect(failed).toBeInstanceOf(ProviderError);
        expect((failed as ProviderError).name).toBe(error);
      }
      expect(subject().pendingFaults()).toBe(0);
    });
  });
}
