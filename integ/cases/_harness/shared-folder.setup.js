// Made before the first case of a run: what several files of cases begin with is made in it once, by whoever needs it first.
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

module.exports = () => {
  process.env.CASES_SHARED_FOLDER = mkdtempSync(join(tmpdir(), 'cloudhsm-shared-'));
};
