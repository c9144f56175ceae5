// RSA keys cost more than most tests: those of a run are made once.
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

module.exports = () => {
  process.env.KEY_RESERVE_FOLDER = mkdtempSync(join(tmpdir(), 'cloudhsm-keys-'));
};
