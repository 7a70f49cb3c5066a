import { expect, it } from 'vitest';
import { replaceTable } from '../../bench/report.ts';

const page =
  '# Page\n\n## One\n\nWords.\n\n| a |\n| --- |\n| 1 |\n\nMore.\n\n## Two\n\nNo table.\n\n## Three\n\n| b |\n| --- |\n| 2 |\n';

it('puts a table in the place of the one below its heading', () => {
  expect(replaceTable(page, 'One', '| c |')).toBe(page.replace('| a |\n| --- |\n| 1 |', '| c |'));
  expect(replaceTable(page, 'Three', '| c |')).toBe(page.replace('| b |\n| --- |\n| 2 |', '| c |'));
});

it.each(['Two', 'Four'])('takes no table of another heading for the one of %s', (heading) => {
  expect(() => replaceTable(page, heading, '| c |')).toThrow(`no table below ${heading}`);
});
