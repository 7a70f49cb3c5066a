import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that share the deployed stack come by name, in every run: vitest would sort them by how long they took the last time, and one that leaves
 * something behind for another would do so on some machines alone.
 */
export class SameOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isShared = ({ project }: TestSpecification) => project.name === 'deployed';
    const named = sorted.filter(isShared).toSorted((one, other) => (one.moduleId < other.moduleId ? -1 : 1));
    return sorted.map((file) => (isShared(file) ? (named.shift() ?? file) : file));
  }
}
