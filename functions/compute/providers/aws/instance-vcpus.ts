import { awsFamilies } from './instance-sizes.ts';

/** As the table writes them: `x` and `12x` for xlarge and 12xlarge. */
export const shortSize = (size: string): string => size.replace(/^(\d*)xlarge$/, '$1x');

/** What nearly every family has of a size; the table says where it is otherwise. */
export function usualVcpus(size: string): number | undefined {
  const times = /^(?:metal-)?(\d*)x(?:l|large)?$/.exec(size)?.[1];
  if (times !== undefined) return 4 * Number(times || 1);
  return { large: 2, medium: 1, small: 1, micro: 1, nano: 1 }[size];
}

/** The default number of virtual processors of an EC2 type; undefined of a type that the table does not hold. */
export function awsVcpus(instanceType: string): number | undefined {
  const dot = instanceType.indexOf('.');
  const [family, size] = [instanceType.slice(0, Math.max(dot, 0)), shortSize(instanceType.slice(dot + 1))];
  const sizes = awsFamilies.find(([families]) => families.split(' ').includes(family))?.[1];
  for (const entry of sizes?.split(' ') ?? []) {
    const [name = '', vcpus] = entry.split('=');
    if (name === size) return vcpus === undefined ? usualVcpus(name) : Number(vcpus);
  }
  return undefined;
}
