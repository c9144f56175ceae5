import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UNENFORCED } from './unenforced';
import { services } from '../../src/services';
import { UNREADABLE_PATTERNS, javaPattern } from '../../src/wire/java-pattern';
import { loadModel, serviceNames } from '../../src/wire/model';
import type { ListShape, MapShape, Member, OperationModel, ScalarShape, Shape } from '../../src/wire/model';
import { validateInput } from '../../src/wire/validate';
import { validationOptions } from '../../src/wire/validation-errors';
import type { ViolationKind } from '../../src/wire/violation';

/** What the committed models say and what of it holds. Whatever does not hold stands in a list, with a reason. */

const SRC = join(__dirname, '../../src');
const TABLES = join(__dirname, '../../tables');
const FOLDERS: Readonly<Record<string, string>> = { cloudhsmv2: 'services/cloudhsm', cloudformation: 'cloudformation' };

const built = new Map(services().map(({ name, operations }) => [name, Object.keys(operations)]));
const withOperations = serviceNames().filter((service) => built.has(service));

function operationsOf(service: string): OperationModel[] {
  return [...loadModel(service).operations.values()].filter(({ name }) => built.get(service)!.includes(name));
}

/** Every word in a service's sources and tables. */
function wordsOf(service: string): Set<string> {
  const files = [
    ...filesBelow(join(SRC, FOLDERS[service] ?? `services/${service}`), '.ts'),
    ...filesBelow(TABLES, '.json').filter((file) => file.endsWith(`/${service}.json`)),
  ];
  return new Set(files.flatMap((file) => readFileSync(file, 'utf8').match(/[\w.]+/g)?.flatMap((word) => [word, ...word.split('.')]) ?? []));
}

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(ending)).map((file) => join(folder, file));
}

/** Names of a list `{ reason: 'name name …' }`; a name without an operation stands for that member of all operations. */
function listed(list: Readonly<Record<string, string>> = {}): Set<string> {
  return new Set(Object.values(list).flatMap((names) => names.split(/\s+/).filter(Boolean)));
}

describe.each(withOperations)('of %s', (service) => {
  const words = wordsOf(service);

  test('every input member is looked at, or listed', () => {
    const list = listed(UNENFORCED[service]?.members);
    const members = operationsOf(service)
      .flatMap(({ name: operation, input }) => [...input?.members.keys() ?? []].map((member) => ({ operation, member })));
    const unread = members.filter(({ member }) => !words.has(member));
    const isListed = ({ operation, member }: { operation: string; member: string }): boolean => list.has(member) || list.has(`${operation}.${member}`);
    const needed = new Set(unread.flatMap(({ operation, member }) => [member, `${operation}.${member}`]));

    expect(unread.filter((one) => !isListed(one))).toEqual([]);
    // Whoever begins to look at a member takes it off the list.
    expect([...list].filter((name) => !needed.has(name))).toEqual([]);
  });

  test('every error is given by the service, or listed', () => {
    const list = listed(UNENFORCED[service]?.errors);
    const errors = new Map(operationsOf(service).flatMap((operation) => operation.errors).map((shape) => [shape.name, shape]));
    const never = [...errors.values()].filter(({ name, error }) => !words.has(name) && !words.has(error?.code ?? name)).map(({ name }) => name);

    expect(never.filter((name) => !list.has(name))).toEqual([]);
    expect([...list].filter((name) => !never.includes(name))).toEqual([]);
  });
});

test('what stands in the lists belongs to a service, and says why', () => {
  expect(Object.keys(UNENFORCED).filter((service) => !withOperations.includes(service))).toEqual([]);
  const reasons = Object.values(UNENFORCED).flatMap(({ members = {}, errors = {}, bounds = '' }) => [...Object.keys(members), ...Object.keys(errors), bounds]);
  expect(reasons.filter((reason) => reason !== '' && reason.length < 25)).toEqual([]);
});

/** An input of which one value breaks one rule of the model. */
interface Breach {
  readonly operation: OperationModel;
  readonly place: string;
  readonly kind: ViolationKind;
  readonly input: object;
}

/** Rules of everything an operation takes, however deep, each broken once. */
function breachesOf(operation: OperationModel): Breach[] {
  const found: Breach[] = [];
  const walk = (shape: Shape, place: string, wrap: (value: unknown) => unknown, above: readonly Shape[]): void => {
    if (above.includes(shape)) return;
    const path = [...above, shape];
    for (const [kind, value] of broken(shape)) found.push({ operation, place, kind, input: wrap(value) as object });
    if (shape.type === 'structure' && !shape.document) {
      for (const member of shape.members.values()) {
        if (shape.required.includes(member.name)) found.push({ operation, place: `${place}.${member.name}`, kind: 'required', input: wrap({}) as object });
        walk(member.shape, `${place}.${member.name}`, (value) => wrap({ [member.name]: value }), path);
      }
    }
    if (shape.type === 'list') walk(shape.member.shape, `${place}[]`, (value) => wrap([value]), path);
    if (shape.type === 'map') {
      walk(shape.key.shape, `${place} key`, (value) => wrap({ [String(value)]: null }), path);
      walk(shape.value.shape, `${place} value`, (value) => wrap({ key: value }), path);
    }
  };
  if (operation.input) walk(operation.input, '', (value) => value, []);
  return found;
}

function broken(shape: Shape): Array<[ViolationKind, unknown]> {
  const { min, max } = shape as ListShape | MapShape | ScalarShape;
  const of = (count: number): unknown => filled(shape, count);
  const measure = ['integer', 'long', 'float', 'double'].includes(shape.type) ? 'value' as const : 'length' as const;
  // What is too long to be made is not made: the rule is the same one.
  const makeable = max !== undefined && (measure === 'value' || max < 100_000);
  return [
    ...(min !== undefined && (measure === 'value' || min > 0) ? [[`min-${measure}`, of(min - 1)] as [ViolationKind, unknown]] : []),
    ...(makeable && measure === 'value' ? [[`max-${measure}`, of(max + 1)] as [ViolationKind, unknown]] : []),
    ...(makeable && measure === 'length' ? [[`max-${measure}`, of(max + 1)] as [ViolationKind, unknown]] : []),
    ...('enum' in shape && shape.enum ? [['enum', 'none of them'] as [ViolationKind, unknown]] : []),
    ...('pattern' in shape && shape.pattern ? strangers(shape.pattern) : []),
  ];
}

function filled(shape: Shape, count: number): unknown {
  switch (shape.type) {
    case 'list': return Array.from({ length: count }, () => emptyOf(shape.member));
    case 'map': return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, emptyOf(shape.value)]));
    case 'blob': return Buffer.alloc(count);
    case 'string': case 'character': return 'a'.repeat(count);
    default: return count;
  }
}

function emptyOf({ shape }: Member): unknown {
  return shape.type === 'structure' ? {} : shape.type === 'list' ? [] : shape.type === 'map' ? {} : filled(shape, 1);
}

/** A text that the pattern does not take, where one can be told. */
function strangers(pattern: string): Array<[ViolationKind, unknown]> {
  const expression = javaPattern(pattern);
  const text = ['\u0000', '\u0000\n', '', '!', ' ', 'a', '\u{10ffff}'].find((candidate) => expression?.test(candidate) === false);
  return text === undefined ? [] : [['pattern', text]];
}

describe.each(withOperations)('the validator holds inputs of %s', (service) => {
  test('to every bound, pattern, enumeration and required member that the models give', () => {
    const options = validationOptions(service);
    const breaches = operationsOf(service).flatMap(breachesOf);
    const missed = breaches.filter(({ operation, kind, input }) => {
      const kinds = validateInput(operation, input, options).map((violation) => violation.kind);
      // Scalars in lists and maps are named as a whole.
      return !kinds.includes(kind) && !kinds.some((other) => ['items', 'keys', 'values'].includes(other));
    });
    const left = new Set(missed.map(({ kind }) => kind));

    if (UNENFORCED[service]?.bounds === undefined) expect(missed.map(({ operation, place, kind }) => `${operation.name}${place} ${kind}`)).toEqual([]);
    else expect(left.size).toBeGreaterThan(0);
  });
});

test('every pattern can be read but those that are listed', () => {
  for (const service of withOperations) for (const { pattern } of scalarsOf(service)) if (pattern !== undefined) javaPattern(pattern);
  expect([...UNREADABLE_PATTERNS]).toEqual([]);
});

function scalarsOf(service: string): ScalarShape[] {
  return [...loadModel(service).shapes.values()].filter((shape): shape is ScalarShape => 'pattern' in shape);
}
