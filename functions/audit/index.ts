export { auditChanged } from './audit-changed.ts';
export { exportChanged } from './export-changed.ts';
