import type { Value, ValueMap } from '../../template/template';
import { neverStable } from '../row-handler';
import type { Request, Row } from '../row-handler';
import { zipOf } from './zip';

const service = 'lambda';

interface Configuration {
  readonly FunctionArn: string;
  readonly State?: string;
  readonly StateReason?: string;
  readonly LastUpdateStatus?: string;
  readonly LastUpdateStatusReason?: string;
  readonly Handler?: string;
  readonly Runtime?: string;
  readonly Timeout?: number;
  readonly MemorySize?: number;
  readonly Role?: string;
  readonly Description?: string;
}

function configuration(request: Request, FunctionName: string = request.id): Configuration {
  return request.call<Configuration>('GetFunctionConfiguration', { FunctionName });
}

/** Inline text is packed as `index.<extension>`, with the helper module that the service adds. */
function code(request: Request): { [name: string]: unknown } {
  const given = request.map('Code');
  if (typeof given.ZipFile !== 'string') return { ...given };
  const python = (request.text('Runtime') ?? '').startsWith('python');
  return { ZipFile: zipOf(python ? 'index.py' : 'index.js', given.ZipFile, python ? undefined : given.ZipFile.includes('cfn-response')) };
}

/** Members that the operation has as properties do; tags are a map, scalars come as text. */
function settings(request: Request, operation: string): { [name: string]: unknown } {
  const { Code: _code, Tags: _tags, ...rest } = request.properties;
  return request.fitted(operation, {}, rest);
}

const functionRow: Row = {
  service,
  create: (request) => {
    const FunctionName = request.name('FunctionName');
    const Tags = request.tagMap();
    request.call('CreateFunction', {
      ...settings(request, 'CreateFunction'), FunctionName, Code: code(request), ...(Object.keys(Tags).length > 0 ? { Tags } : {}),
    });
    const reserved = request.number('ReservedConcurrentExecutions');
    if (reserved !== undefined) request.call('PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: reserved });
    const recursion = request.text('RecursiveLoop');
    if (recursion) request.call('PutFunctionRecursionConfig', { FunctionName, RecursiveLoop: recursion });
    return FunctionName;
  },
  waits: (request) => {
    const { State = 'Active', StateReason, LastUpdateStatus = 'Successful', LastUpdateStatusReason } = configuration(request);
    if (State === 'Failed') throw neverStable(StateReason ?? `Function ${request.id} failed`);
    if (LastUpdateStatus === 'Failed') throw neverStable(LastUpdateStatusReason ?? `The update of function ${request.id} failed`);
    if (State === 'Pending') return 'the function to be active';
    return LastUpdateStatus === 'InProgress' ? 'the function to be updated' : undefined;
  },
  update: (request) => {
    const FunctionName = request.id;
    // One change at a time: code first, then the settings once that is through (`roll`).
    if (request.changed('Code', 'Architectures')) {
      const { S3Bucket, S3Key, S3ObjectVersion, ImageUri, ZipFile } = code(request);
      request.call('UpdateFunctionCode', { FunctionName, S3Bucket, S3Key, S3ObjectVersion, ImageUri, ZipFile, ...architectures(request) });
    }
    if (request.changed('ReservedConcurrentExecutions')) {
      const reserved = request.number('ReservedConcurrentExecutions');
      if (reserved === undefined) request.call('DeleteFunctionConcurrency', { FunctionName });
      else request.call('PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: reserved });
    }
    const Resource = request.attribute('Arn') || configuration(request).FunctionArn;
    const removed = request.removedTags();
    if (removed.length > 0) request.call('UntagResource', { Resource, TagKeys: removed });
    const Tags = Object.fromEntries(Object.entries(request.tagMap()).filter(([key]) => !key.startsWith('aws:')));
    if (Object.keys(Tags).length > 0) request.call('TagResource', { Resource, Tags });
  },
  roll: (request, data) => {
    if (data === 'configured') return undefined;
    if (!request.changed(...CONFIGURED)) return undefined;
    if (configuration(request).LastUpdateStatus === 'InProgress') return { forWhat: 'the code to be updated', data: 'code' };
    // What is not said any more goes back to what it is by default.
    const dropped = Object.entries(DEFAULTS).filter(([name]) => request.value(name) === undefined && request.before(name) !== undefined);
    request.call('UpdateFunctionConfiguration', { ...Object.fromEntries(dropped), ...settings(request, 'UpdateFunctionConfiguration'), FunctionName: request.id });
    return { forWhat: 'the settings to be updated', data: 'configured' };
  },
  delete: (request) => request.call('DeleteFunction', { FunctionName: request.id }),
  attributes: (request) => ({ Arn: configuration(request).FunctionArn }),
  read: (request) => {
    const { Handler, Runtime, Timeout, MemorySize, Role, Description } = configuration(request);
    return { Handler, Runtime, Timeout, MemorySize, Role, Description };
  },
};

const CONFIGURED = [
  'Handler', 'Runtime', 'Timeout', 'MemorySize', 'Role', 'Description', 'Environment', 'VpcConfig', 'Layers', 'DeadLetterConfig', 'TracingConfig',
  'KmsKeyArn', 'EphemeralStorage', 'LoggingConfig', 'SnapStart', 'FileSystemConfigs', 'ImageConfig',
];

const DEFAULTS: ValueMap = {
  Description: '', Timeout: 3, MemorySize: 128, Environment: { Variables: {} }, VpcConfig: { SubnetIds: [], SecurityGroupIds: [] }, Layers: [], KmsKeyArn: '',
};

function architectures(request: Request): { Architectures?: readonly string[] } {
  return request.value('Architectures') === undefined ? {} : { Architectures: [...request.list('Architectures')] };
}

const permissionRow: Row = {
  service,
  create: (request) => {
    const StatementId = `${request.work.stackName}-${request.work.logicalId}-${request.random(12)}`.slice(-100);
    request.send('AddPermission', { StatementId });
    return StatementId;
  },
  delete: (request) => {
    const name = request.text('FunctionName')!;
    request.call('RemovePermission', { FunctionName: name, StatementId: request.id });
  },
  attributes: (request) => ({ Id: request.id }),
};

const versionRow: Row = {
  service,
  create: (request) => {
    const { FunctionArn, Version } = request.send<{ FunctionArn: string; Version: string }>('PublishVersion');
    return FunctionArn.endsWith(`:${Version}`) ? FunctionArn : `${FunctionArn}:${Version}`;
  },
  waits: (request) => (configuration(request).State === 'Pending' ? 'the version to be active' : undefined),
  delete: (request) => request.call('DeleteFunction', { FunctionName: request.id.replace(/:[^:]+$/, ''), Qualifier: request.id.split(':').pop() }),
  attributes: (request) => ({ FunctionArn: request.id, Version: request.id.split(':').pop() }),
};

const aliasRow: Row = {
  service,
  create: (request) => request.send<{ AliasArn: string }>('CreateAlias', routing(request)).AliasArn,
  update: (request) => request.send('UpdateAlias', routing(request)),
  delete: (request) => request.call('DeleteAlias', { FunctionName: request.text('FunctionName'), Name: request.text('Name') }),
  attributes: (request) => ({ AliasArn: request.id }),
};

function routing(request: Request): { RoutingConfig?: object } {
  const weights = request.map('RoutingConfig').AdditionalVersionWeights;
  if (!Array.isArray(weights)) return {};
  const pairs = (weights as readonly ValueMap[]).map(({ FunctionVersion, FunctionWeight }) => [String(FunctionVersion), Number(FunctionWeight)]);
  return { RoutingConfig: { AdditionalVersionWeights: Object.fromEntries(pairs) } };
}

const eventInvokeConfigRow: Row = {
  service,
  create: (request) => {
    request.send('PutFunctionEventInvokeConfig');
    return `${request.text('FunctionName')}|${request.text('Qualifier')}`;
  },
  update: (request) => request.send('PutFunctionEventInvokeConfig'),
  delete: (request) => request.send('DeleteFunctionEventInvokeConfig'),
};

const layerRow: Row = {
  service,
  create: (request) => request.send<{ LayerVersionArn: string }>('PublishLayerVersion', { LayerName: request.name('LayerName') }).LayerVersionArn,
  delete: (request) => request.call('DeleteLayerVersion', {
    LayerName: request.id.replace(/:[^:]+$/, ''), VersionNumber: Number(request.id.split(':').pop()),
  }),
  attributes: (request) => ({ LayerVersionArn: request.id }),
};

const eventSourceMappingRow: Row = {
  service,
  create: (request) => request.send<{ UUID: string }>('CreateEventSourceMapping', { Tags: undefined }).UUID,
  update: (request) => request.send('UpdateEventSourceMapping', { UUID: request.id }),
  delete: (request) => request.call('DeleteEventSourceMapping', { UUID: request.id }),
  attributes: (request) => ({ Id: request.id }),
};

const urlRow: Row = {
  service,
  create: (request) => request.send<{ FunctionArn: string }>('CreateFunctionUrlConfig', target(request)).FunctionArn,
  update: (request) => request.send('UpdateFunctionUrlConfig', target(request)),
  delete: (request) => request.call('DeleteFunctionUrlConfig', target(request)),
  attributes: (request): ValueMap => {
    const { FunctionUrl, FunctionArn } = request.call<{ FunctionUrl?: string; FunctionArn?: string }>('GetFunctionUrlConfig', target(request));
    return { FunctionUrl, FunctionArn };
  },
};

function target(request: Request): { FunctionName: Value; Qualifier?: Value } {
  const Qualifier = request.text('Qualifier');
  return { FunctionName: request.text('TargetFunctionArn')!, ...(Qualifier ? { Qualifier } : {}) };
}

export const LAMBDA: { readonly [type: string]: Row } = {
  'AWS::Lambda::Function': functionRow,
  'AWS::Lambda::Permission': permissionRow,
  'AWS::Lambda::Version': versionRow,
  'AWS::Lambda::Alias': aliasRow,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfigRow,
  'AWS::Lambda::LayerVersion': layerRow,
  'AWS::Lambda::EventSourceMapping': eventSourceMappingRow,
  'AWS::Lambda::Url': urlRow,
};
