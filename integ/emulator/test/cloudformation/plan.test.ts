import { plan } from '../../src/cloudformation/plan/plan';
import type { Change, DeployedResource, Plan } from '../../src/cloudformation/plan/plan';
import { changeOutput } from '../../src/cloudformation/plan/wire';
import type { TypeSpec } from '../../src/cloudformation/spec';
import type { Environment } from '../../src/cloudformation/template/evaluate';
import type { Template, Value } from '../../src/cloudformation/template/template';

const SPEC: TypeSpec = {
  id: ['Name'], properties: { Name: 'string', Size: 'integer', Maybe: 'string', Deep: 'object' }, replace: ['Name', 'Deep.Fixed'], mayReplace: ['Maybe'],
  attributes: { Arn: 'string' },
};

function environment(parameters: Environment['parameters']): Environment {
  return {
    stackName: 'S', stackId: 'id', account: '1', region: 'r', partition: 'aws', notificationArns: [], parameters,
    importValue: (name) => name, zones: () => [], plain: (value) => value,
  };
}

function deployed(properties: { [name: string]: Value }, extra: Partial<DeployedResource> = {}): DeployedResource {
  return {
    type: 'Toy::A::B', properties, physicalId: 'physical', attributes: { Arn: 'arn' }, deletionPolicy: 'Delete', updateReplacePolicy: 'Delete', ...extra,
  };
}

const thing = (Properties: { [name: string]: Value }, extra: object = {}): Template['Resources'][string] => ({ Type: 'Toy::A::B', Properties, ...extra });

function planned(before: { [id: string]: DeployedResource }, after: Template['Resources'], options: {
  template?: Partial<Template>; old?: Template['Resources']; parameters?: Environment['parameters']; oldParameters?: Environment['parameters'];
} = {}): Plan {
  return plan({
    deployed: { template: { Resources: options.old ?? {} }, resources: before, parameters: options.oldParameters ?? {}, outputs: [] },
    template: { Resources: after, ...options.template },
    environment: environment(options.parameters ?? {}),
    stackTags: {},
    specs: () => SPEC,
  });
}

const brief = ({ changes }: Plan): string[] => changes.map(({ action, logicalId, replacement }) => [action, logicalId, replacement].filter(Boolean).join(' '));
const details = (change: Change): string[] => change.details.map(({ attribute, name = '', source, causingEntity = '', evaluation, requiresRecreation }) =>
  [attribute, name, source, causingEntity, evaluation, requiresRecreation].filter((part) => part !== '').join(' '));

describe('plan', () => {
  test.each<[string, DeployedResource, Template['Resources'][string], string[]]>([
    ['nothing when nothing changed', deployed({ Name: 'n', Size: 1 }), thing({ Name: 'n', Size: 1 }), []],
    ['nothing when a number becomes text', deployed({ Size: 1 }), thing({ Size: '1' }), []],
    ['a change in place', deployed({ Name: 'n', Size: 1 }), thing({ Name: 'n', Size: 2 }), ['Modify A False']],
    ['a replacement', deployed({ Name: 'n' }), thing({ Name: 'm' }), ['Modify A True']],
    ['what may replace', deployed({ Maybe: 'n' }), thing({ Maybe: 'm' }), ['Modify A Conditional']],
    ['a replacement below a property', deployed({ Deep: { Fixed: 1, Free: 1 } }), thing({ Deep: { Fixed: 2, Free: 1 } }), ['Modify A True']],
    ['no replacement beside it', deployed({ Deep: { Fixed: 1, Free: 1 } }), thing({ Deep: { Fixed: 1, Free: 2 } }), ['Modify A False']],
    ['metadata', deployed({}), thing({}, { Metadata: { a: 1 } }), ['Modify A False']],
    ['a policy alone', deployed({}), thing({}, { DeletionPolicy: 'Retain' }), ['Modify A False']],
    ['what failed before', deployed({}, { failed: true }), thing({}), ['Modify A False']],
  ])('shows %s', (_, before, after, expected) => {
    expect(brief(planned({ A: before }, { A: after }))).toEqual(expected);
  });

  test('shows what comes and what goes, and what becomes of it', () => {
    const result = planned({ A: deployed({}), B: deployed({}, { deletionPolicy: 'RetainExceptOnCreate' }) }, { C: thing({}) });

    expect(brief(result)).toEqual(['Remove A', 'Remove B', 'Add C']);
    expect(result.changes.map(({ policyAction }) => policyAction)).toEqual(['Delete', 'Retain', undefined]);
  });

  test('a parameter that changed is named as the cause', () => {
    const old = { A: thing({ Size: { Ref: 'P' } }) };
    const { changes: [change] } = planned({ A: deployed({ Size: '1' }) }, old, {
      old, template: { Parameters: { P: { Type: 'String' } } }, parameters: { P: '2' }, oldParameters: { P: '1' },
    });

    expect(details(change)).toEqual(['Properties Size ParameterReference P Static Never']);
  });

  test('a replacement reaches those that refer to it, dynamically', () => {
    const old = { A: thing({ Name: 'a' }), B: thing({ Name: { Ref: 'A' } }), C: thing({ Size: { 'Fn::GetAtt': ['A', 'Arn'] } }), D: thing({ Name: 'd' }) };
    const before = {
      A: deployed({ Name: 'a' }), B: deployed({ Name: 'physical' }), C: deployed({ Size: 'arn' }), D: deployed({ Name: 'd' }),
    };
    const { changes } = planned(before, { ...old, A: thing({ Name: 'other' }) }, { old });

    expect(changes.map(({ logicalId, replacement }) => `${logicalId} ${replacement}`)).toEqual(['A True', 'B Conditional', 'C False']);
    expect(changes.map(details)).toEqual([
      ['Properties Name DirectModification Static Always'],
      ['Properties Name ResourceReference A Dynamic Always'],
      ['Properties Size ResourceAttribute A.Arn Dynamic Never'],
    ]);
  });

  test('a change in place leaves references alone and makes attributes uncertain', () => {
    const old = { A: thing({ Size: 1 }), B: thing({ Name: { Ref: 'A' } }), C: thing({ Size: { 'Fn::GetAtt': ['A', 'Arn'] } }) };
    const before = { A: deployed({ Size: 1 }), B: deployed({ Name: 'physical' }), C: deployed({ Size: 'arn' }) };

    expect(brief(planned(before, { ...old, A: thing({ Size: 2 }) }, { old }))).toEqual(['Modify A False', 'Modify C False']);
  });

  test('a change in place leaves alone what it cannot change', () => {
    const template = (size: number) => ({ Resources: { A: thing({ Size: size }), C: thing({ Size: { 'Fn::GetAtt': ['A', 'Arn'] } }) } });
    const before = { A: deployed({ Size: 1 }), C: deployed({ Size: 'arn' }) };
    const result = (mayChange: () => boolean): Plan => plan({
      deployed: { template: template(1), resources: before, parameters: {}, outputs: [] },
      template: template(2),
      environment: environment({}),
      stackTags: {},
      specs: () => SPEC,
      mayChange,
    });

    expect(brief(result(() => false))).toEqual(['Modify A False']);
    expect(brief(result(() => true))).toEqual(['Modify A False', 'Modify C False']);
  });

  test('a changed expression that comes to the same is no change', () => {
    const result = planned({ A: deployed({ Name: 'a-r' }) }, { A: thing({ Name: { 'Fn::Sub': 'a-${AWS::Region}' } }) }, { old: { A: thing({ Name: 'a-r' }) } });

    expect(brief(result)).toEqual([]);
  });

  test('a type cannot change', () => {
    expect(() => planned({ A: deployed({}, { type: 'Toy::Other' }) }, { A: thing({}) }))
      .toThrow('Update of resource type is not permitted. The new template modifies resource type of the following resources: [A]');
  });

  test('outputs alone are a change, their order is not', () => {
    const before = { A: deployed({}) };
    const with1 = (Outputs: Template['Outputs'], outputs: Array<{ key: string; value: string }>): boolean => plan({
      deployed: { resources: before, parameters: {}, outputs },
      template: { Resources: { A: thing({}) }, Outputs },
      environment: environment({}),
      stackTags: {},
      specs: () => SPEC,
    }).outputsChanged;

    expect(with1({ X: { Value: { Ref: 'A' } }, Y: { Value: '1' } }, [{ key: 'Y', value: '1' }, { key: 'X', value: 'physical' }])).toBe(false);
    expect(with1({ X: { Value: 'new' } }, [{ key: 'X', value: 'physical' }])).toBe(true);
    expect(with1({}, [{ key: 'X', value: 'physical' }])).toBe(true);
  });

  test('with values every place that differs is told, and secrets are starred out', () => {
    const { changes: [change] } = planned({ A: deployed({ Deep: { Free: 'old', List: ['a', 'b'] } }) }, { A: thing({ Deep: { Free: 'hunter2', List: ['a'] } }) });
    const { ResourceChange: output } = changeOutput(change, true, (text) => text.replace('hunter2', '****')) as {
      ResourceChange: { Details: Array<{ Target: object }>; AfterContext: string };
    };

    expect(output.Details.map(({ Target }) => Target)).toEqual([
      { Attribute: 'Properties', Name: 'Deep', RequiresRecreation: 'Never', Path: '/Properties/Deep/Free', AttributeChangeType: 'Modify', BeforeValue: 'old', AfterValue: '****' },
      { Attribute: 'Properties', Name: 'Deep', RequiresRecreation: 'Never', Path: '/Properties/Deep/List/1', AttributeChangeType: 'Remove', BeforeValue: 'b' },
    ]);
    expect(output.AfterContext).toBe('{"Properties":{"Deep":{"Free":"****","List":["a"]}}}');
  });
});
