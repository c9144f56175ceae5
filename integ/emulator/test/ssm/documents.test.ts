import { substitute, commandLines, resolveReferences } from '../../src/services/ssm/documents/substitute';
import { ssm } from '../../src/services/ssm/service';
import { World } from '../_helpers/world';

const CONTENT = {
  schemaVersion: '2.2',
  description: 'greets',
  parameters: { name: { type: 'String', allowedPattern: '^[a-z]+$' }, words: { type: 'StringList', default: ['a'] } },
  mainSteps: [{ action: 'aws:runShellScript', name: 'greet', inputs: { runCommand: ['echo {{ name }}', '{{ words }}'] } }],
};

const YAML = 'schemaVersion: "2.2"\nmainSteps:\n  - action: aws:runShellScript\n    name: greet\n    inputs:\n      runCommand:\n        - echo hi\n';

let world: World;

beforeEach(() => {
  world = new World({ services: [ssm] });
});
afterEach(() => world.stop());

function create(content: unknown, more: object = {}): Record<string, unknown> {
  const Content = typeof content === 'string' ? content : JSON.stringify(content);
  return world.call<{ DocumentDescription: Record<string, unknown> }>('ssm', 'CreateDocument', { Name: 'greet', Content, DocumentType: 'Command', ...more }).DocumentDescription;
}

function describeDocument(more: object = {}): Record<string, unknown> {
  return world.call<{ Document: Record<string, unknown> }>('ssm', 'DescribeDocument', { Name: 'greet', ...more }).Document;
}

describe('CreateDocument', () => {
  test('takes JSON and says what it understood', () => {
    expect(create(CONTENT)).toMatchObject({
      Name: 'greet', Status: 'Creating', DocumentVersion: '1', DefaultVersion: '1', LatestVersion: '1', SchemaVersion: '2.2', DocumentFormat: 'JSON',
      Description: 'greets', PlatformTypes: ['Linux', 'MacOS'],
      Parameters: [{ Name: 'name', Type: 'String' }, { Name: 'words', Type: 'StringList', DefaultValue: '["a"]' }],
    });
    expect(describeDocument()).toMatchObject({ Status: 'Active', Owner: '123456789012', HashType: 'Sha256' });
  });

  test('takes YAML, and gives it back in either format', () => {
    create(YAML, { DocumentFormat: 'YAML' });
    const content = (DocumentFormat?: string) => world.call<{ Content: string }>('ssm', 'GetDocument', { Name: 'greet', DocumentFormat }).Content;

    expect(content()).toBe(YAML);
    expect(JSON.parse(content('JSON'))).toMatchObject({ schemaVersion: '2.2', mainSteps: [{ name: 'greet' }] });
  });

  const step = CONTENT.mainSteps[0];
  test.each<[string, unknown, string]>([
    ['text that is no JSON', '{', 'InvalidDocumentContent'],
    ['no schema version', { mainSteps: [step] }, 'InvalidDocumentContent'],
    ['a schema version of automation', { ...CONTENT, schemaVersion: '0.3' }, 'InvalidDocumentSchemaVersion'],
    ['no steps', { schemaVersion: '2.2', mainSteps: [] }, 'InvalidDocumentContent'],
    ['two steps of one name', { ...CONTENT, mainSteps: [step, step] }, 'InvalidDocumentContent'],
    ['a step without a script', { ...CONTENT, mainSteps: [{ ...step, inputs: {} }] }, 'InvalidDocumentContent'],
    ['a parameter type that is none', { ...CONTENT, parameters: { ...CONTENT.parameters, name: { type: 'Text' } } }, 'InvalidDocumentContent'],
    ['a parameter name with a dash', { ...CONTENT, parameters: { ...CONTENT.parameters, 'a-b': { type: 'String' } } }, 'InvalidDocumentContent'],
    ['a default of the wrong type', { ...CONTENT, parameters: { ...CONTENT.parameters, words: { type: 'StringList', default: 'a' } } }, 'InvalidDocumentContent'],
    ['a pattern that is none', { ...CONTENT, parameters: { ...CONTENT.parameters, name: { type: 'String', allowedPattern: '(' } } }, 'InvalidDocumentContent'],
    ['a reference to no parameter', { ...CONTENT, parameters: { name: { type: 'String' } } }, 'InvalidDocumentContent'],
    ['64 KB and more', { ...CONTENT, description: 'x'.repeat(65_536) }, 'MaxDocumentSizeExceeded'],
  ])('refuses %s', (_, content, code) => {
    expect(world.refusal('ssm', 'CreateDocument', { Name: 'greet', Content: typeof content === 'string' ? content : JSON.stringify(content), DocumentType: 'Command' }).code).toBe(code);
  });

  test('leaves undeclared references and odd defaults alone in the other variant', () => {
    const lenient = new World({ services: [ssm], variants: ['other'] });
    const Content = JSON.stringify({ ...CONTENT, parameters: { name: { type: 'String', default: '1', allowedPattern: '^[a-z]+$' } } });

    expect(lenient.call('ssm', 'CreateDocument', { Name: 'greet', Content })).toMatchObject({ DocumentDescription: { Name: 'greet' } });
    lenient.stop();
  });

  test('refuses a name that is taken, or AWS\'s', () => {
    create(CONTENT);

    expect(world.refusal('ssm', 'CreateDocument', { Name: 'greet', Content: JSON.stringify(CONTENT) }).code).toBe('DocumentAlreadyExists');
    expect(world.refusal('ssm', 'CreateDocument', { Name: 'AWS-Mine', Content: JSON.stringify(CONTENT) }).code).toBe('ValidationException');
  });
});

describe('versions', () => {
  beforeEach(() => create(CONTENT));

  const update = (description: string, more: object = {}) => world.call('ssm', 'UpdateDocument', { Name: 'greet', Content: JSON.stringify({ ...CONTENT, description }), DocumentVersion: '$LATEST', ...more });

  test('the default stays until it is moved', () => {
    update('second', { VersionName: 'two' });
    expect(describeDocument()).toMatchObject({ Description: 'greets', DocumentVersion: '1', LatestVersion: '2' });

    world.call('ssm', 'UpdateDocumentDefaultVersion', { Name: 'greet', DocumentVersion: '2' });
    expect(describeDocument()).toMatchObject({ Description: 'second', DocumentVersion: '2', DefaultVersion: '2', VersionName: 'two' });
    expect(describeDocument({ DocumentVersion: '1' }).Description).toBe('greets');
    expect(world.call('ssm', 'ListDocumentVersions', { Name: 'greet' })).toMatchObject({
      DocumentVersions: [{ DocumentVersion: '2', IsDefaultVersion: true }, { DocumentVersion: '1', IsDefaultVersion: false }],
    });
  });

  test('the same content again is refused', () => {
    expect(world.refusal('ssm', 'UpdateDocument', { Name: 'greet', Content: JSON.stringify(CONTENT), DocumentVersion: '$LATEST' }).code).toBe('DuplicateDocumentContent');
  });

  test('a version that is not there is refused by name', () => {
    expect(world.refusal('ssm', 'DescribeDocument', { Name: 'greet', DocumentVersion: '7' }).code).toBe('InvalidDocumentVersion');
  });

  test('DeleteDocument takes one version, but not the default, or all', () => {
    update('second');

    expect(world.refusal('ssm', 'DeleteDocument', { Name: 'greet', DocumentVersion: '1' }).code).toBe('InvalidDocumentOperation');
    world.call('ssm', 'DeleteDocument', { Name: 'greet', DocumentVersion: '2' });
    expect(describeDocument().LatestVersion).toBe('1');
    world.call('ssm', 'DeleteDocument', { Name: 'greet' });
    expect(world.refusal('ssm', 'GetDocument', { Name: 'greet' })).toMatchObject({ code: 'InvalidDocument', message: 'The specified document does not exist.' });
  });

  test('a shared document cannot be deleted', () => {
    world.call('ssm', 'ModifyDocumentPermission', { Name: 'greet', PermissionType: 'Share', AccountIdsToAdd: ['210987654321'] });

    expect(world.call('ssm', 'DescribeDocumentPermission', { Name: 'greet', PermissionType: 'Share' })).toMatchObject({ AccountIds: ['210987654321'] });
    expect(world.refusal('ssm', 'DeleteDocument', { Name: 'greet' }).code).toBe('InvalidDocumentOperation');
  });
});

test('ListDocuments tells own documents and AWS\'s apart', () => {
  create(CONTENT);
  const names = (value: string) => world.call<{ DocumentIdentifiers: Array<{ Name: string }> }>('ssm', 'ListDocuments', { Filters: [{ Key: 'Owner', Values: [value] }] }).DocumentIdentifiers.map(({ Name }) => Name);

  expect(names('Self')).toEqual(['greet']);
  expect(names('Amazon')).toEqual(['AWS-RunShellScript']);
  expect(world.refusal('ssm', 'DeleteDocument', { Name: 'AWS-RunShellScript' }).code).toBe('InvalidDocumentOperation');
});

describe('substitution', () => {
  test('is textual, without any quoting', () => {
    expect(substitute('echo "{{ name }}" {{name}}', { name: '$(rm); "x"' })).toBe('echo "$(rm); "x"" $(rm); "x"');
  });

  test('puts a list in the place of a line, and JSON into the middle of one', () => {
    expect(commandLines(substitute(['first', '{{ words }}', 'x {{ words }}'], { words: ['a', 'b'] }))).toEqual(['first', 'a', 'b', 'x ["a","b"]']);
  });

  test('leaves what nobody declared', () => {
    expect(substitute('{{ other }} ${{x}}', { name: 'n' })).toBe('{{ other }} ${{x}}');
  });

  test('looks up parameters and the command\'s surroundings', () => {
    expect(resolveReferences(['{{ssm:/a/b}} {{ global:REGION }}'], (name) => `<${name}>`, { 'global:REGION': 'eu-west-1' })).toEqual(['</a/b> eu-west-1']);
  });
});
