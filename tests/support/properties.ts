import fc from 'fast-check';

/** The same examples in every run, so that a property fails for what was changed; others each time with `PROVE=1`. A failure says its seed. */
if (process.env['PROVE'] !== '1') fc.configureGlobal({ seed: 20_260_131 });

export { fc };
