const { rmSync } = require('node:fs');

module.exports = () => {
  rmSync(process.env.CASES_SHARED_FOLDER, { recursive: true, force: true });
};
