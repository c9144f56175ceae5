'use strict';
/** From `folder/module.member` to the function it names, by the rules of Lambda's Node.js runtime. */
const { existsSync, readFileSync, statSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { RuntimeError } = require('./failures');

exports.load = async (root, name) => {
  if (name.includes('..')) {
    throw new RuntimeError('MalformedHandlerName',
      `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`);
  }
  const folder = path.dirname(name);
  const [, module, member] = /^([^.]*)\.(.*)$/.exec(path.basename(name)) ?? [];
  if (member === undefined) throw new RuntimeError('MalformedHandlerName', 'Bad handler');

  const exported = await loadModule(root, folder, module);
  const handler = find(exported, member) ?? find(exported.default, member);
  if (!handler) throw new RuntimeError('HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof handler !== 'function') throw new RuntimeError('HandlerNotFound', `${name} is not a function`);
  return handler;
};

async function loadModule(root, folder, module) {
  const require = createRequire(path.join(root, 'index.js'));
  try {
    const base = path.resolve(root, folder, module);
    const file = ['', '.js', '.mjs', '.cjs'].map((extension) => base + extension).find((one) => existsSync(one) && statSync(one).isFile());
    if (!file) return require(require.resolve(module, { paths: [root, path.join(root, folder)] }));
    return isModule(file) ? await import(pathToFileURL(file).href) : require(file);
  } catch (error) {
    if (error instanceof SyntaxError) throw Object.assign(new RuntimeError('UserCodeSyntaxError', String(error)), { stack: error.stack });
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') throw new RuntimeError('ImportModuleError', String(error));
    throw error;
  }
}

/** Whether a file is an ES module: by its name, or by the nearest package.json. */
function isModule(file) {
  if (!file.endsWith('.js')) return file.endsWith('.mjs');
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
    if (folder === path.dirname(folder) || path.basename(folder) === 'node_modules') return false;
  }
}

function find(exported, member) {
  return member.split('.').reduce((value, key) => value?.[key], exported);
}
