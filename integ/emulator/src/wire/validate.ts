import { javaPattern } from './java-pattern';
import { hasModel, loadModel } from './model';
import type { ListShape, MapShape, Member, OperationModel, ScalarShape, Shape, StructureShape } from './model';
import type { ServiceError } from './operation';
import { validationError, validationOptions } from './validation-errors';
import type { ValidationOptions, Violation, ViolationKind } from './violation';

/** The error the service would give for this input, or undefined when there is nothing to say against it. */
export function inputProblem(service: string, operation: string, input: object): ServiceError | undefined {
  if (!hasModel(service)) return undefined;
  const model = loadModel(service);
  const found = model.operations.get(operation);
  if (!found) return undefined;
  const violations = validateInput(found, input, validationOptions(service));
  return violations.length === 0 ? undefined : validationError(model, found, violations);
}

/** Everything an input breaks of its model, in the model's order. */
export function validateInput(operation: OperationModel, input: object, options: ValidationOptions = {}): Violation[] {
  const { enums = true, patterns = true, limits = true } = options;
  const violations: Violation[] = [];
  if (operation.input) new Validation(violations, { enums, patterns, limits }).structure(operation.input, input, []);
  return violations;
}

type Path = readonly (string | number)[];

class Validation {
  private location: Member['location'];

  public constructor(private readonly violations: Violation[], private readonly options: Required<ValidationOptions>) {}

  public structure(shape: StructureShape, value: unknown, path: Path): void {
    if (shape.document) return;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.add('type', shape, value, path);
    const fields = value as Readonly<Record<string, unknown>>;
    for (const member of shape.members.values()) {
      if (path.length === 0) this.location = member.location;
      const field = fields[member.name];
      if (field !== undefined && field !== null) this.any(member.shape, field, [...path, member.name]);
      else if (shape.required.includes(member.name)) this.add('required', member.shape, undefined, [...path, member.name]);
    }
    for (const name of Object.keys(fields)) {
      if (!shape.members.has(name) && fields[name] !== undefined) this.add('unknown', shape, fields[name], [...path, name]);
    }
  }

  private any(shape: Shape, value: unknown, path: Path): void {
    switch (shape.type) {
      case 'structure': return this.structure(shape, value, path);
      case 'list': return this.list(shape, value, path);
      case 'map': return this.map(shape, value, path);
      default: return this.scalar(shape, value, path);
    }
  }

  private list(shape: ListShape, value: unknown, path: Path): void {
    if (!Array.isArray(value)) return this.add('type', shape, value, path);
    this.limits(shape, value.length, 'length', value, path);
    const item = shape.member.shape;
    // AWS names a list once, however many of its scalars are wrong; structures are named one by one.
    if (value.some((entry) => this.isWrongItem(item, entry))) return this.add('items', item, value, path);
    if (!isScalar(item)) value.forEach((entry: unknown, at) => this.any(item, entry, [...path, at]));
  }

  private map(shape: MapShape, value: unknown, path: Path): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.add('type', shape, value, path);
    const entries = Object.entries(value);
    this.limits(shape, entries.length, 'length', value, path);
    if (entries.some(([key]) => this.isWrongItem(shape.key.shape, key))) this.add('keys', shape.key.shape, value, path);
    const item = shape.value.shape;
    if (entries.some(([, entry]) => this.isWrongItem(item, entry))) return this.add('values', item, value, path);
    if (!isScalar(item)) for (const [key, entry] of entries) this.any(item, entry, [...path, key]);
  }

  private scalar(shape: ScalarShape, value: unknown, path: Path): void {
    switch (shape.type) {
      case 'string': case 'character':
        if (typeof value !== 'string') return this.add('type', shape, value, path);
        if (this.options.enums && shape.enum && !shape.enum.includes(value)) this.add('enum', shape, value, path);
        this.limits(shape, value.length, 'length', value, path);
        if (this.options.patterns && shape.pattern !== undefined && javaPattern(shape.pattern)?.test(value) === false) {
          this.add('pattern', shape, value, path);
        }
        return;
      case 'integer': case 'long': case 'float': case 'double':
        if (typeof value !== 'number') return this.add('type', shape, value, path);
        return this.limits(shape, value, 'value', value, path);
      case 'blob':
        if (!(value instanceof Uint8Array) && typeof value !== 'string') return this.add('type', shape, value, path);
        return this.limits(shape, value.length, 'length', value, path);
      case 'boolean':
        return typeof value === 'boolean' ? undefined : this.add('type', shape, value, path);
      case 'timestamp':
        return value instanceof Date ? undefined : this.add('type', shape, value, path);
    }
  }

  private limits(shape: ListShape | MapShape | ScalarShape, measure: number, of: 'length' | 'value', value: unknown, path: Path): void {
    if (!this.options.limits) return;
    if (shape.max !== undefined && measure > shape.max) this.add(`max-${of}`, shape, value, path);
    if (shape.min !== undefined && measure < shape.min) this.add(`min-${of}`, shape, value, path);
  }

  private isWrongItem(shape: Shape, value: unknown): boolean {
    if (value === null || value === undefined) return true;
    if (!isScalar(shape)) return false;
    const found: Violation[] = [];
    new Validation(found, this.options).scalar(shape, value, []);
    return found.length > 0;
  }

  private add(kind: ViolationKind, shape: Shape, value: unknown, path: Path): void {
    this.violations.push({ kind, shape, value, path, location: this.location });
  }
}

function isScalar(shape: Shape): shape is ScalarShape {
  return shape.type !== 'structure' && shape.type !== 'list' && shape.type !== 'map';
}
