import { readSettings } from './settings.ts';
import { endWith } from './setup/report.mjs';
import { stopStack } from './stop-stack.ts';

try {
  const { stopped, forced } = await stopStack(readSettings());
  console.log(
    stopped.length === 0
      ? 'Nothing was running.'
      : `Stopped: ${stopped.join(', ')}. npm start brings it back with all its data.`,
  );
  if (forced.length > 0)
    console.log(`${forced.join(', ')} had to be ended by force: the last seconds before may be lost.`);
} catch (error) {
  endWith(error);
}
