/**
 * Writes models/cfn-types.json: of every CloudFormation resource type what a deployment engine needs to know.
 *
 *   --spec FOLDER   where @aws-cdk/aws-service-spec is installed (development only; it is no dependency of the emulator)
 *
 * The shape of the file is described in models/README.md.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const SPEC = '@aws-cdk/aws-service-spec';

type SpecType =
  | { readonly type: 'string'; readonly allowedValues?: readonly string[] }
  | { readonly type: 'array' | 'map'; readonly element: SpecType }
  | { readonly type: 'ref'; readonly reference: { readonly $ref: string } }
  | { readonly type: 'union'; readonly types: readonly SpecType[] }
  | { readonly type: 'number' | 'integer' | 'boolean' | 'json' | 'date-time' | 'null' | 'tag' };

interface SpecProperty {
  readonly type: SpecType;
  readonly required?: boolean;
  readonly causesReplacement?: 'yes' | 'no' | 'maybe';
}

interface SpecResource {
  readonly cloudFormationType: string;
  readonly primaryIdentifier?: readonly string[];
  readonly cfnRefIdentifier?: readonly string[];
  readonly properties: Readonly<Record<string, SpecProperty>>;
  readonly attributes: Readonly<Record<string, { readonly type: SpecType }>>;
  readonly tagInformation?: { readonly tagPropertyName: string; readonly variant: 'standard' | 'asg' | 'map' };
  readonly additionalReplacementProperties?: readonly (readonly string[])[];
  readonly isStateful?: boolean;
}

interface SpecDatabase {
  all(kind: 'resource'): readonly SpecResource[];
  get(kind: 'typeDefinition', reference: { readonly $ref: string }): { readonly properties: Readonly<Record<string, SpecProperty>> };
}

/** Longer lists of allowed values are left out: they would be most of the file. */
const MAX_VALUES_LENGTH = 160;

function main(args: readonly string[]): void {
  const specAt = args.indexOf('--spec');
  const require = createRequire(join(specAt < 0 ? process.cwd() : args[specAt + 1], 'noop.js'));
  const { loadAwsServiceSpecSync } = require(SPEC) as { loadAwsServiceSpecSync(): SpecDatabase };
  const packageFile = require.resolve(`${SPEC}/package.json`);
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  const sha256 = createHash('sha256').update(readFileSync(join(packageFile, '..', 'db.json.gz'))).digest('hex');

  const database = loadAwsServiceSpecSync();
  const resources = [...database.all('resource')].sort((a, b) => (a.cloudFormationType < b.cloudFormationType ? -1 : 1));
  const lines = resources.map((resource) => `${JSON.stringify(resource.cloudFormationType)}:${JSON.stringify(distil(resource, database))}`);
  const source = { package: SPEC, version, file: 'db.json.gz', sha256 };
  writeFileSync(join(__dirname, '..', 'models', 'cfn-types.json'), `{\n"source":${JSON.stringify(source)},\n"types":{\n${lines.join(',\n')}\n}\n}\n`);
  console.log(`aws-service-spec ${version}: ${lines.length} resource types`);
}

function distil(resource: SpecResource, database: SpecDatabase): object {
  const properties = Object.entries(resource.properties);
  const named = (test: (property: SpecProperty) => boolean): string[] => properties.filter(([, property]) => test(property)).map(([name]) => name);
  const nested = nestedReplacements(resource, database);
  return present({
    id: resource.primaryIdentifier,
    ref: resource.cfnRefIdentifier,
    properties: typesOf(resource.properties),
    required: named(({ required }) => required === true),
    replace: [...named(({ causesReplacement }) => causesReplacement === 'yes'), ...nested.yes],
    mayReplace: [...named(({ causesReplacement }) => causesReplacement === 'maybe'), ...nested.maybe],
    attributes: typesOf(resource.attributes),
    tags: resource.tagInformation && [resource.tagInformation.tagPropertyName, resource.tagInformation.variant],
    stateful: resource.isStateful,
  });
}

function typesOf(named: Readonly<Record<string, { readonly type: SpecType }>>): object {
  return Object.fromEntries(Object.entries(named).map(([name, { type }]) => [name, print(type)]));
}

/** Paths below properties that do not cause replacement as a whole: `CreationInfo.OwnerUid`; `*` is any item or key. */
function nestedReplacements(resource: SpecResource, database: SpecDatabase): { readonly yes: string[]; readonly maybe: string[] } {
  const yes = new Set((resource.additionalReplacementProperties ?? []).map((path) => path.join('.')));
  const maybe = new Set<string>();
  const visit = (type: SpecType, path: string, within: readonly string[]): void => {
    switch (type.type) {
      case 'array': case 'map':
        return visit(type.element, `${path}.*`, within);
      case 'union':
        return type.types.forEach((one) => visit(one, path, within));
      case 'ref':
        if (within.includes(type.reference.$ref)) return;
        for (const [name, property] of Object.entries(database.get('typeDefinition', type.reference).properties)) {
          const place = `${path}.${name}`;
          if (property.causesReplacement === 'yes') yes.add(place);
          else if (property.causesReplacement === 'maybe') maybe.add(place);
          else visit(property.type, place, [...within, type.reference.$ref]);
        }
    }
  };
  for (const [name, property] of Object.entries(resource.properties)) {
    if (property.causesReplacement !== 'yes') visit(property.type, name, []);
  }
  return { yes: [...yes], maybe: [...maybe] };
}

/** `string`, `string(IPV4|DUALSTACK)`, `integer`, `[string]`, `{string}`, `object`, `tag`, `json`, `string|integer`. */
function print(type: SpecType): string {
  switch (type.type) {
    case 'string': {
      const values = type.allowedValues?.join('|') ?? '';
      return values === '' || values.length > MAX_VALUES_LENGTH || /[()]/.test(values) ? 'string' : `string(${values})`;
    }
    case 'array': return `[${print(type.element)}]`;
    case 'map': return `{${print(type.element)}}`;
    case 'ref': return 'object';
    case 'union': return [...new Set(type.types.map(print))].join('|');
    default: return type.type;
  }
}

/** Empty lists, empty objects and absent values say nothing. */
function present(row: Readonly<Record<string, unknown>>): object {
  const isEmpty = (value: unknown): boolean => value === undefined || value === false
    || (typeof value === 'object' && Object.keys(value as object).length === 0);
  return Object.fromEntries(Object.entries(row).filter(([, value]) => !isEmpty(value)));
}

main(process.argv.slice(2));
