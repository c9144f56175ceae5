import type { ListShape, MapShape, OperationModel, ScalarShape, ServiceModel, Shape } from './model';
import { ServiceError } from './operation';
import type { ValidationOptions, Violation } from './violation';

/** How a service says that an input breaks its model. */
interface Style {
  readonly code: string;
  readonly options?: ValidationOptions;
  /** The text for all violations; the common one (`1 validation error detected: …`) if absent. */
  readonly text?: (violations: readonly Violation[]) => string;
  /** Where the code depends on what is wrong. */
  readonly codeOf?: (violation: Violation) => string;
  /** Where the status is not 400. */
  readonly source: string;
}

/** Most JSON services, and Lambda. */
const VALIDATION_EXCEPTION: Style = { code: 'ValidationException', source: 'inferred: the form most AWS JSON services share' };

/** Most query services. */
const VALIDATION_ERROR: Style = { code: 'ValidationError', source: 'documented: common errors of the query APIs' };

const INVALID_PARAMETER: Omit<Style, 'source'> = { code: 'InvalidParameterException' };

const STYLES: Readonly<Record<string, Style>> = {
  'acm-pca': VALIDATION_EXCEPTION,
  'autoscaling': VALIDATION_ERROR,
  'cloudcontrol': VALIDATION_EXCEPTION,
  'cloudformation': VALIDATION_ERROR,
  'cloudhsmv2': {
    code: 'CloudHsmInvalidRequestException',
    source: 'measured: https://github.com/Gyuho-Song/aws-cloudhsm-benchmark; pattern and length violations are not a ValidationException',
  },
  'cloudtrail': VALIDATION_EXCEPTION,
  'cloudwatch': VALIDATION_ERROR,
  'ec2': {
    code: 'InvalidParameterValue',
    codeOf: ({ kind }) => (kind === 'required' ? 'MissingParameter' : 'InvalidParameterValue'),
    text: ([first]) => ec2Text(first),
    source: 'documented: EC2 API error codes (MissingParameter, InvalidParameterValue); texts as commonly quoted',
  },
  'ecr': {
    ...INVALID_PARAMETER,
    text: ([first]) => `Invalid parameter at '${camelPath(first)}' failed to satisfy constraint: '${ecrConstraint(first)}'`,
    source: 'inferred: texts as commonly quoted',
  },
  'events': VALIDATION_EXCEPTION,
  'iam': VALIDATION_ERROR,
  'kms': VALIDATION_EXCEPTION,
  'lambda': VALIDATION_EXCEPTION,
  'logs': { ...INVALID_PARAMETER, source: 'inferred: the common text under its own code, as commonly quoted' },
  'pricing': { ...INVALID_PARAMETER, source: 'model: the only code for bad input that its operations declare' },
  'resourcegroupstaggingapi': { ...INVALID_PARAMETER, source: 'model: the only code for bad input that its operations declare' },
  's3': {
    code: 'MalformedXML',
    // What S3 says to a wrong enum differs from header to header: the service's own business.
    options: { enums: false, patterns: false, limits: false },
    codeOf: ({ location }) => (location ? 'InvalidArgument' : 'MalformedXML'),
    text: ([first]) => (first.location
      ? `Invalid Argument: ${first.path.join('.')}`
      : 'The XML you provided was not well-formed or did not validate against our published schema'),
    source: 'documented: S3 error responses',
  },
  'secretsmanager': VALIDATION_EXCEPTION,
  'servicequotas': VALIDATION_EXCEPTION,
  'sns': VALIDATION_ERROR,
  'sqs': {
    code: 'InvalidParameterValue',
    codeOf: ({ kind }) => (kind === 'required' ? 'MissingParameter' : 'InvalidParameterValue'),
    text: ([first]) => (first.kind === 'required'
      ? `The request must contain the parameter ${String(first.path.at(-1))}.`
      : `Value ${printValue(first.value)} for parameter ${String(first.path.at(-1))} is invalid. Reason: ${constraint(first)}.`),
    source: 'documented: common errors of SQS; texts as commonly quoted',
  },
  'ssm': VALIDATION_EXCEPTION,
  'stepfunctions': VALIDATION_EXCEPTION,
  'sts': VALIDATION_ERROR,
};

/** What of the model a service holds its callers to. */
export function validationOptions(service: string): ValidationOptions {
  return STYLES[service]?.options ?? {};
}

/** The service's refusal of an input. */
export function validationError(model: ServiceModel, operation: OperationModel, violations: readonly Violation[]): ServiceError {
  const style = STYLES[model.service] ?? VALIDATION_EXCEPTION;
  const [first] = violations;
  const ours = violations.find(({ kind }) => kind === 'type' || kind === 'unknown');
  const text = ours ? ourText(model.service, operation.name, ours) : (style.text ?? commonText)(violations);
  return new ServiceError(style.codeOf?.(first) ?? style.code, text, { status: 400 });
}

/** A decoded input is never so: a service of the emulator called another wrongly. */
function ourText(service: string, operation: string, { kind, path, shape }: Violation): string {
  const place = `${service} ${operation} ${path.join('.')}`;
  return kind === 'unknown' ? `[emulator] ${place} is not an input the model has` : `[emulator] ${place} should be of type ${shape.type}`;
}

/** `2 validation errors detected: Value 'x' at 'clusterId' failed to satisfy constraint: …; Value null at …`. */
function commonText(violations: readonly Violation[]): string {
  const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected`;
  return `${count}: ${violations.map((violation) => {
    const value = isSensitive(violation) ? '' : violation.value === undefined ? ' null' : ` '${printValue(violation.value)}'`;
    return `Value${value} at '${camelPath(violation)}' failed to satisfy constraint: ${constraint(violation)}`;
  }).join('; ')}`;
}

/** The rule itself, as AWS's framework words it. */
function constraint({ kind, shape }: Violation): string {
  const { min, max } = shape as ScalarShape | ListShape | MapShape;
  switch (kind) {
    case 'required': return 'Member must not be null';
    case 'pattern': return `Member must satisfy regular expression pattern: ${(shape as ScalarShape).pattern}`;
    case 'enum': return `Member must satisfy enum value set: [${(shape as ScalarShape).enum?.join(', ')}]`;
    case 'min-length': return `Member must have length greater than or equal to ${min}`;
    case 'max-length': return `Member must have length less than or equal to ${max}`;
    case 'min-value': return `Member must have value greater than or equal to ${min}`;
    case 'max-value': return `Member must have value less than or equal to ${max}`;
    case 'items': return `Member must satisfy constraint: ${allConstraints(shape)}`;
    case 'keys': return `Map keys must satisfy constraint: ${allConstraints(shape)}`;
    case 'values': return `Map value must satisfy constraint: ${allConstraints(shape)}`;
    case 'type': return `Member must be of type ${shape.type}`;
    case 'unknown': return 'Member must be known';
  }
}

/** For items AWS recites every rule of their shape, broken or not. */
function allConstraints(shape: Shape): string {
  const { min, max, pattern, enum: values } = shape as ScalarShape;
  const measure = shape.type === 'string' || shape.type === 'blob' ? 'length' : 'value';
  const rules = [
    ...(max === undefined ? [] : [`Member must have ${measure} less than or equal to ${max}`]),
    ...(min === undefined ? [] : [`Member must have ${measure} greater than or equal to ${min}`]),
    ...(values ? [`Member must satisfy enum value set: [${values.join(', ')}]`] : []),
    ...(pattern === undefined ? [] : [`Member must satisfy regular expression pattern: ${pattern}`]),
    'Member must not be null',
  ];
  return `[${rules.join(', ')}]`;
}

function isSensitive({ shape }: Violation): boolean {
  return shape.sensitive;
}

/** `tagList.1.member.key`: members begin in lower case, items count from one. */
function camelPath({ path }: Violation): string {
  return path.map((step) => (typeof step === 'number' ? `${step + 1}.member` : step[0].toLowerCase() + step.slice(1))).join('.');
}

/** A value as Java prints it. */
function printValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printValue).join(', ')}]`;
  if (value instanceof Uint8Array) return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`;
  if (value instanceof Date) return value.toString();
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value).map(([key, entry]) => `${key}=${printValue(entry)}`).join(', ')}}`;
  }
  return String(value);
}

function ec2Text(violation: Violation): string {
  const name = String(violation.path.filter((step) => typeof step === 'string').at(-1));
  const parameter = name[0].toLowerCase() + name.slice(1);
  const wholePath = violation.path.map((step) => (typeof step === 'number' ? step + 1 : step)).join('.');
  const { min, max } = violation.shape as ScalarShape;
  switch (violation.kind) {
    case 'required': return `The request must contain the parameter ${wholePath}`;
    case 'min-value': return `Value ( ${printValue(violation.value)} ) for parameter ${parameter} is invalid. Expecting a value greater than ${min}.`;
    case 'max-value': return `Value ( ${printValue(violation.value)} ) for parameter ${parameter} is invalid. Expecting a value less than ${max}.`;
    case 'enum': return `Invalid value '${printValue(violation.value)}' for ${name}.`;
    default: return `Value (${printValue(violation.value)}) for parameter ${parameter} is invalid.`;
  }
}

function ecrConstraint(violation: Violation): string {
  const text = violation.kind === 'pattern' ? `must satisfy regular expression '${(violation.shape as ScalarShape).pattern}'` : constraint(violation);
  return text.replace(/^Member /, '');
}
