import { parseTemplate } from '../../src/cloudformation/template/parse';
import { ForeignPattern } from '../../src/kernel/foreign-pattern';
import { globMatches, globOf } from '../../src/kernel/glob';
import { loadModel } from '../../src/wire/model';
import type { StructureShape } from '../../src/wire/model';
import { readXml } from '../../src/wire/xml-reader';
import { StackWorld } from '../cloudformation/toys';

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

const jsonTemplate = (properties: string) => `{"Resources":{"A":{"Type":"AWS::SNS::Topic","Properties":${properties}}}}`;

describe('a template', () => {
  test.each([[400], [20_000], [200_000]])('nested %d deep in JSON is refused', (depth) => {
    expect(() => parseTemplate(jsonTemplate(`{"X":${nested(depth)}}`))).toThrow('[emulator] the template is nested too deeply');
  });

  test('nested 20,000 deep in YAML is refused', () => {
    expect(() => parseTemplate(`Resources:\n  A:\n    Type: AWS::SNS::Topic\n    Properties:\n      X: ${nested(20_000)}`)).toThrow(/^Template format error: YAML not well-formed/);
  });

  test('nested as deeply as anybody writes is read', () => {
    expect(parseTemplate(jsonTemplate(`{"X":${nested(200)}}`)).Resources.A.Type).toBe('AWS::SNS::Topic');
  });

  test('with aliases, which multiply, is refused in AWS\'s words', () => {
    const laughs = [...'bcdefghi'].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[at]}`).join(', ')}]`);

    expect(() => parseTemplate(['a: &a [lol]', ...laughs, 'Resources: {}'].join('\n'))).toThrow('Template error: YAML aliases are not allowed in CloudFormation templates');
  });

  test('with merged keys is refused as well', () => {
    const merged = 'Resources:\n  A: &a\n    Type: AWS::SNS::Topic\n  B:\n    <<: *a\n';

    expect(() => parseTemplate(merged)).toThrow('Template error: YAML aliases are not allowed in CloudFormation templates');
  });
});

describe('a stack', () => {
  let world: StackWorld;

  beforeEach(() => {
    world = new StackWorld({});
  });
  afterEach(() => world.stop());

  const create = (template: object) => () => world.cfn('CreateStack', { StackName: 'hostile', TemplateBody: JSON.stringify(template) });
  const topic = { Type: 'AWS::Logs::LogGroup' };

  test.each(['toString', 'constructor', 'hasOwnProperty'])('that refers to %s, which every object has, refers to nothing', (name) => {
    expect(create({ Resources: { A: { ...topic, DependsOn: name } } })).toThrow(`Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template`);
    expect(create({ Resources: { A: { Type: name } } })).toThrow(`Template format error: Unrecognized resource types: [${name}]`);
    expect(create({ Resources: { A: { ...topic, Condition: name } } })).toThrow(/Unresolved condition|condition/i);
  });

  test('whose resources are called so is made', async () => {
    await world.deploy({ Resources: { constructor: topic, toString: { ...topic, DependsOn: 'constructor' } } });

    expect(world.story()).toContain('toString CREATE_COMPLETE');
  });

  test('whose resources wait for each other is refused', () => {
    expect(create({ Resources: { A: { ...topic, DependsOn: 'B' }, B: { ...topic, DependsOn: 'A' } } })).toThrow('Circular dependency between resources: [A, B]');
  });

  test('with more resources than AWS allows is refused', () => {
    const many = Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`A${at}`, topic]));

    expect(create({ Resources: many })).toThrow('Template format error: Number of resources, 501, is greater than maximum allowed, 500');
  });

  test('that makes a hundred megabytes of text out of a few bytes fails', async () => {
    const parts = Array<string>(5_000).fill('');

    await world.deploy({ Resources: { A: { ...topic, Properties: { LogGroupName: { 'Fn::Join': ['x'.repeat(20_000), parts] } } } } });

    expect(world.story()).toContain('A CREATE_FAILED [emulator] what the template says is longer than 16777216 characters');
  });

  test('whose pattern would take for ever has a value that does not fit', () => {
    const Parameters = { P: { Type: 'String', AllowedPattern: '(a+)+$', Default: `${'a'.repeat(40)}!` } };

    expect(create({ Parameters, Resources: { A: topic } })).toThrow(/Parameter '?P'? must match pattern/);
  });

  test('whose pattern is none has a value that does not fit', () => {
    expect(create({ Parameters: { P: { Type: 'String', AllowedPattern: '(a', Default: 'a' } }, Resources: { A: topic } })).toThrow(/Parameter '?P'? must match pattern/);
  });
});

describe('an XML body', () => {
  const tagging = loadModel('s3').operations.get('PutBucketTagging')!.input!.payload!.shape as StructureShape;
  const read = (text: string) => () => readXml(tagging, Buffer.from(text));
  const MALFORMED = 'The XML you provided was not well-formed or did not validate against our published schema';

  test('that declares entities is refused', () => {
    const entities = Array.from({ length: 9 }, (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`).join('');

    expect(read(`<!DOCTYPE x [<!ENTITY e0 "lol">${entities}]><Tagging><TagSet><Tag><Key>&e9;</Key><Value>v</Value></Tag></TagSet></Tagging>`)).toThrow(MALFORMED);
    expect(read('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Tagging><TagSet/></Tagging>')).toThrow(MALFORMED);
  });

  test('that is nested 50,000 deep is refused', () => {
    expect(read('<a>'.repeat(50_000) + '</a>'.repeat(50_000))).toThrow(MALFORMED);
  });
});

describe('patterns', () => {
  test('an expression that backtracks for ever has not matched', () => {
    expect(new ForeignPattern('^(a+)+$').test(`${'a'.repeat(50)}!`)).toBe(false);
    expect(new ForeignPattern('^(a+)+$').test('aaa')).toBe(true);
  });

  test('many wildcards on a long text are decided at once', () => {
    expect(globMatches(globOf('*a'.repeat(50) + 'b'), 'a'.repeat(5_000))).toBe(false);
  });

  test.each([
    ['a*c', 'abbc', true], ['a*c', 'abcd', false], ['*', '', true], ['', '', true], ['', 'a', false], ['a**b', 'ab', true], ['*ab', 'aab', true], ['a?c', 'a?c', true],
    ['a?c', 'abc', false],
  ])('%s and %s', (pattern, text, fits) => {
    expect(globMatches(globOf(pattern), text)).toBe(fits);
  });

  test.each([['a?c', 'abc', true], ['a\\*c', 'a*c', true], ['a\\*c', 'abc', false], ['a\\', 'a\\', true]])('with question marks and backslashes, %s and %s', (pattern, text, fits) => {
    expect(globMatches(globOf(pattern, { question: true, backslash: true }), text)).toBe(fits);
  });
});
