#!/usr/bin/env node
'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const cli = join(__dirname, '..', 'lib', 'cloudhsm-emulator.js');
if (!existsSync(cli)) {
  console.error('cloudhsm-emulator is not built: run `npm ci && npm run build --workspace cloudhsm-emulator` in the repository');
  process.exit(2);
}
require(cli).main(process.argv.slice(2));
