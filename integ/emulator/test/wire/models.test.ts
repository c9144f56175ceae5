import { commonError } from '../../src/wire/common-errors';
import { loadModel, modelIndex, serviceNames } from '../../src/wire/model';
import type { Shape } from '../../src/wire/model';
import { OVERRIDES } from '../../src/wire/model-overrides';

test.each(serviceNames())('the model of %s is whole', (service) => {
  const model = loadModel(service);
  const seen = new Set<Shape>();
  const walk = (shape: Shape): void => {
    if (seen.has(shape)) return;
    seen.add(shape);
    expect(shape.type).toBeDefined();
    if (shape.type === 'structure') for (const member of shape.members.values()) walk(member.shape);
    if (shape.type === 'structure') for (const name of shape.required) expect([shape.name, name, shape.members.has(name)]).toEqual([shape.name, name, true]);
    if (shape.type === 'list') walk(shape.member.shape);
    if (shape.type === 'map') [shape.key, shape.value].forEach((member) => walk(member.shape));
  };
  for (const { input, output, errors } of model.operations.values()) {
    [input, output, ...errors].filter((shape) => shape !== undefined).forEach((shape) => walk(shape as Shape));
  }
  expect(model.operations.size).toBe(modelIndex()[service].operations);
  expect(commonError(service, 'access-denied').code).toMatch(/Denied|Unauthorized|AuthorizationError/);
});

test('no two services are signed alike', () => {
  const names = Object.values(modelIndex()).map(({ signingName }) => signingName);
  expect(new Set(names).size).toBe(names.length);
});

test('every override meets something, and says why', () => {
  for (const [service, overrides] of Object.entries(OVERRIDES)) {
    for (const { reason, shapes = {}, operations = {} } of overrides) {
      expect(reason.length).toBeGreaterThan(20);
      for (const name of Object.keys(shapes)) expect(loadModel(service).shapes.has(name)).toBe(true);
      for (const name of Object.keys(operations)) expect(loadModel(service).operations.has(name)).toBe(true);
    }
  }
});

test('the eighteen operations of CloudHSM are all there', () => {
  expect(loadModel('cloudhsmv2').operations.size).toBe(18);
  expect(loadModel('cloudhsmv2').notKept.size).toBe(0);
});

test('an unknown service is an error of ours', () => {
  expect(() => loadModel('dynamodb')).toThrow('[emulator] there is no model of a service named dynamodb');
});
