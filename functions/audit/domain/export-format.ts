import type { AuditLog, ExportFormat } from '../../../contracts/audit/routes.ts';

/** As a row of the API has them. */
const columns = [
  'id',
  'user_id',
  'action',
  'resource',
  'resource_id',
  'workspace_id',
  'success',
  'status',
  'ip_address',
  'user_agent',
  'request_id',
  'created_at',
] as const satisfies readonly (keyof AuditLog)[];

/** What a spreadsheet takes for a formula when it opens a file: https://owasp.org/www-community/attacks/CSV_Injection */
const formula = /^[=+\-@\t\r]/;

/** A cell as RFC 4180 has it. One that begins as a formula does gets an apostrophe in front, which spreadsheets take for "this is text". */
function cell(value: string | number | boolean | null): string {
  const plain = value === null ? '' : String(value);
  const text = formula.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const csvLine = (cells: readonly string[]) => `${cells.join(',')}\r\n`;

/** How a file of a format begins, and what it holds of a row. */
export const exportFormats: Readonly<
  Record<ExportFormat, { type: string; begin: string; line: (row: AuditLog) => string }>
> = {
  csv: {
    type: 'text/csv; charset=utf-8; header=present',
    begin: csvLine(columns),
    line: (row) => csvLine(columns.map((column) => cell(row[column]))),
  },
  ndjson: {
    type: 'application/x-ndjson; charset=utf-8',
    begin: '',
    line: (row) => `${JSON.stringify(row)}\n`,
  },
};
