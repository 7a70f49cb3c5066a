export { auditChanged } from './audit-changed.ts';
