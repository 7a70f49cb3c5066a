import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../local/settings.ts';
import { runProgram } from './command.ts';

const python = join(root, '.venv/bin/python');
const folder = join(root, 'local/emulator');

const runPython = (code: string) => runProgram(python, ['-c', code], { PATH: process.env.PATH, PYTHONPATH: folder });

describe('the patches of the emulator', () => {
  it('each apply exactly once to the pinned version', async () => {
    const { text, code } = await runPython(`
import importlib, patched_import, patches
patched_import.install(patches.PATCHES)
for name in patches.PATCHES: importlib.import_module(name)
print(sum(len(each) for each in patches.PATCHES.values()), "applied")
`);
    expect({ text, code }).toEqual({ text: expect.stringMatching(/^\d+ applied\n$/), code: 0 });
  });

  it.each([
    ['is not there', 'gone', 0],
    ['is there twice', 'word', 2],
  ])('stop the start when the text %s', async (_, old, times) => {
    const { text, code } = await runPython(`
import patched_import
patched_import.patched_source("a.module", "word word", [("a reason", "${old}", "new")])
print("went on")
`);
    expect(code).toBe(1);
    expect(text.trim()).toBe(
      `cannot start the emulator: the patch of a.module (a reason) applies ${times} times, not once`,
    );
  });

  it('name a reason each', async () => {
    const { text } = await runPython(`
import patches
print(all(len(reason) > 20 for each in patches.PATCHES.values() for reason, _, _ in each))
`);
    expect(text.trim()).toBe('True');
  });
});
