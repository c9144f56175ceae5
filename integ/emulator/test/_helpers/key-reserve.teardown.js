const { rmSync } = require('node:fs');

module.exports = () => {
  rmSync(process.env.KEY_RESERVE_FOLDER, { recursive: true, force: true });
};
