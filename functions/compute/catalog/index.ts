/** What the rest of compute may call of the catalog. None of it talks to a provider. */
export { hourlyPrice, typeOf } from './hourly-price.ts';
export { vcpusOf } from './known-vcpus.ts';
export { costOf, monthlyCost } from './price.ts';
