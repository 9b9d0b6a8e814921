import fc from 'fast-check';

// A test says the same of the same code every time: random cases come from one seed. Longer searches with other seeds are scripts.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['SEED'] ?? 20_261_125) });
