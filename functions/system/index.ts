export { counting } from './counting.ts';
