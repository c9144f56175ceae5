// Who may import whom. `npm run arrows` checks it; test/arrows.test.ts proves that each rule fires.
//
//   value classes ← refs ← L2 ← patterns ← index        handlers meet constructs only in src/lifecycle/*-contract.ts
//   emulator: kernel ← wire ← services, each by itself  src and the emulator meet over HTTP only
const { existsSync, readdirSync, readFileSync } = require('node:fs');

/** Files that define a construct: the L2s. What they are made of (value classes, refs, checks) must not know them. */
function constructFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return ['src/handlers', 'src/patterns'].includes(path) ? [] : constructFiles(path);
    return path.endsWith('.ts') && /\bclass \w+ extends (\w+\.)?(Construct|Resource|\w+Base)\b/.test(readFileSync(path, 'utf8')) ? [path] : [];
  });
}

const exactly = (paths) => `^(${paths.map((path) => path.replaceAll('.', '\\.')).join('|') || 'none'})$`;
const L2 = exactly(constructFiles('src'));

const CONTRACT = '^src/lifecycle/[^/]+-contract\\.ts$';
const CDK = 'node_modules/(aws-cdk-lib|constructs|@aws-cdk)/';
const EMULATOR = '^integ/emulator/src';

/** The emulator's own code; npm puts packages there too when two versions of one are needed. */
const OWN = '^integ/(?!.*node_modules/)';

/** How an import by name shows: test/tsconfig.json points both names at sources. */
const ALIAS = ['aliased-tsconfig', 'aliased-tsconfig-paths', 'aliased-tsconfig-base-url'];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'no circle of files, of types neither: move what both need into a file of its own',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'an import that leads nowhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },

    /* ---------------------------------------------------------------- library */
    {
      name: 'handlers-without-cdk',
      comment: 'what runs in Lambda never imports constructs',
      severity: 'error',
      from: { path: '^src/handlers/' },
      to: { path: CDK },
    },
    {
      name: 'handlers-meet-constructs-in-contracts',
      comment: 'handlers import handlers, and src/lifecycle/*-contract.ts',
      severity: 'error',
      from: { path: '^src/handlers/' },
      to: { path: '^src/', pathNot: ['^src/handlers/', CONTRACT] },
    },
    {
      name: 'constructs-without-handlers',
      comment: 'constructs know handlers by the path of their bundle only',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/handlers/' },
      to: { path: '^src/handlers/' },
    },
    {
      name: 'contracts-stand-alone',
      comment: 'a contract is imported by both sides, so it drags nothing along',
      severity: 'error',
      from: { path: CONTRACT },
      to: { pathNot: CONTRACT },
    },
    {
      name: 'private-stays-private',
      comment: 'src/private is never exported',
      severity: 'error',
      from: { path: '(^|/)index\\.ts$' },
      to: { path: '^src/private/' },
    },
    {
      name: 'refs-below-constructs',
      comment: 'value classes, refs and checks do not import the constructs that are made of them',
      severity: 'error',
      from: { path: '^src/', pathNot: [L2, '^src/(index|patterns/.*|handlers/.*|[^/]+/index)\\.ts$'] },
      to: { path: L2 },
    },
    {
      name: 'patterns-on-top',
      comment: 'only the entry point and other patterns import patterns',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(index|patterns/.*)\\.ts$' },
      to: { path: '^src/patterns/' },
    },
    {
      name: 'patterns-use-public-constructs',
      comment: 'an L3 could have been written by a user: no contracts, of src/private only errors and validation',
      severity: 'error',
      from: { path: '^src/patterns/' },
      to: { path: ['^src/private/', CONTRACT], pathNot: '^src/private/(errors|validation)\\.ts$' },
    },
    {
      name: 'index-on-top',
      comment: 'nothing in src imports the entry point',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/index\\.ts$' },
    },
    {
      name: 'library-without-emulator',
      comment: 'the library and its unit tests know nothing of integ',
      severity: 'error',
      from: { path: '^(src|test)/' },
      to: { path: ['^integ/', 'node_modules/cloudhsm-emulator'] },
    },

    /* ---------------------------------------------------------------- apps and cases */
    {
      name: 'apps-as-users',
      comment: 'examples and integ/apps import cdk-cloudhsm by its name, as users do, and beside it files of their own folder only',
      severity: 'error',
      from: { path: '^(examples|integ/apps)/([^/]+)' },
      to: { path: '^(src|lib|test|scripts|integ|examples)/', pathNot: '^$1/$2(/|$)', dependencyTypesNot: ALIAS },
    },
    {
      name: 'apps-without-emulator',
      comment: 'an app does not know where it is deployed',
      severity: 'error',
      from: { path: '^(examples|integ/apps)/' },
      to: { path: ['^integ/emulator/', 'node_modules/cloudhsm-emulator'] },
    },
    {
      name: 'no-deep-imports',
      comment: 'the entry point of a package is all there is of it',
      severity: 'error',
      from: { path: '^(examples|integ)/', pathNot: '^integ/emulator/lib/' },
      // As written when it leads nowhere, else where the link of that name leads to.
      to: { path: ['(^|/)(cdk-cloudhsm|cloudhsm-emulator)/(src|lib)(/|$)', '^lib/', '^integ/emulator/lib/'] },
    },
    {
      name: 'cases-from-outside',
      comment: 'cases, demo and bench use both packages by name',
      severity: 'error',
      from: { path: '^integ/', pathNot: '^integ/(emulator|apps)/' },
      to: { path: ['^(src|lib)/', '^integ/emulator/'], dependencyTypesNot: ALIAS },
    },

    /* ---------------------------------------------------------------- emulator */
    {
      name: 'emulator-without-library',
      comment: 'the emulator knows AWS, not our library: they meet over HTTP only',
      severity: 'error',
      from: { path: '^integ/emulator/' },
      to: { path: ['^(src|lib|test)/', 'node_modules/cdk-cloudhsm'] },
    },
    {
      name: 'emulator-without-cdk',
      comment: 'templates come from outside; only tests may make theirs with the CDK',
      severity: 'error',
      from: { path: `${EMULATOR}/` },
      to: { path: CDK },
    },
    {
      name: 'kernel-imports-nothing',
      comment: 'time, state and ids know no service, no wire and no package',
      severity: 'error',
      from: { path: `${EMULATOR}/kernel/` },
      to: { pathNot: `${EMULATOR}/kernel/`, dependencyTypesNot: ['core'] },
    },
    {
      name: 'wire-above-kernel',
      comment: 'wire imports kernel and itself',
      severity: 'error',
      from: { path: `${EMULATOR}/wire/` },
      to: { path: OWN, pathNot: `${EMULATOR}/(kernel|wire)/` },
    },
    {
      name: 'access-above-wire',
      comment: 'access imports kernel, wire and itself',
      severity: 'error',
      from: { path: `${EMULATOR}/access/` },
      to: { path: OWN, pathNot: `${EMULATOR}/(kernel|wire|access)/` },
    },
    {
      name: 'services-apart',
      comment: 'a service imports kernel, wire and itself; it reaches another service by a call or an event',
      severity: 'error',
      // services/index.ts lists them all.
      from: { path: `${EMULATOR}/services/([^/]+)/` },
      to: { path: OWN, pathNot: `${EMULATOR}/(kernel/|wire/|services/$1/)` },
    },
    {
      name: 'services-wire-types',
      comment: 'of wire, a service runs the operation contract only; everything else there is types to it',
      severity: 'error',
      from: { path: `${EMULATOR}/services/` },
      to: { path: `${EMULATOR}/wire/`, pathNot: `${EMULATOR}/wire/operation\\.ts$`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'parts-through-call',
      comment: 'CloudFormation, compute and report reach services through call only, and each other not at all',
      severity: 'error',
      from: { path: `${EMULATOR}/(cloudformation|compute|report|web)/` },
      to: { path: OWN, pathNot: `${EMULATOR}/(kernel|wire|access|$1)/` },
    },
    {
      name: 'emulator-entry-on-top',
      comment: 'only cli.ts and tests import index.ts; nothing imports cli.ts',
      severity: 'error',
      from: { path: `${EMULATOR}/`, pathNot: `${EMULATOR}/cli\\.ts$` },
      to: { path: `${EMULATOR}/(index|cli)\\.ts$` },
    },
  ],
  options: {
    // Types are imports too: an arrow that only the compiler sees is still an arrow.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.arrows.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'types', 'node', 'default'] },
    // What is built has been looked at as source.
    doNotFollow: { path: ['node_modules', '^lib/', '^integ/emulator/lib/'] },
    exclude: { path: ['(^|/)node_modules/.*/node_modules/', '^integ/emulator/lib/.*\\.d\\.ts$', 'cdk\\.out', '(^|/)coverage/'] },
  },
};
