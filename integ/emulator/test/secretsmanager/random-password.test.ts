import { secretsmanager } from '../../src/services/secretsmanager/service';
import { World } from '../_helpers/world';

const worlds: World[] = [];
const world = (seed = 1): World => {
  const made = new World({ services: [secretsmanager], seed });
  worlds.push(made);
  return made;
};
afterEach(() => worlds.splice(0).forEach((made) => made.stop()));

const password = (where: World, input: object = {}) => where.call<{ RandomPassword: string }>('secretsmanager', 'GetRandomPassword', input).RandomPassword;

test('by default it has 32 characters, and each of the four types', () => {
  const where = world();
  for (let count = 0; count < 20; count++) {
    const made = password(where);
    expect(made).toHaveLength(32);
    expect([/[a-z]/, /[A-Z]/, /[0-9]/, /[!-/:-@[-`{-~]/].map((type) => type.test(made))).toEqual([true, true, true, true]);
  }
});

test('a seed gives the same passwords again, and no two alike', () => {
  const [one, two, other] = [world(), world(), world(2)];
  const first = password(one);
  expect(password(two)).toBe(first);
  expect(password(one)).not.toBe(first);
  expect(password(other)).not.toBe(first);
});

test('what is excluded does not appear', () => {
  const where = world();
  expect(password(where, { ExcludePunctuation: true, PasswordLength: 500 })).toMatch(/^[A-Za-z0-9]{500}$/);
  expect(password(where, { ExcludeUppercase: true, ExcludeLowercase: true, ExcludePunctuation: true, PasswordLength: 500 })).toMatch(/^\d{500}$/);
  expect(password(where, { ExcludeCharacters: 'abc019/@" ', PasswordLength: 1000 })).not.toMatch(/[abc019/@" ]/);
  expect(password(where, { IncludeSpace: true, PasswordLength: 64 })).toContain(' ');
});

test('four characters still hold all four types', () => {
  const where = world();
  for (let count = 0; count < 20; count++) {
    expect([...password(where, { PasswordLength: 4 })].map((character) => /[a-z]/.test(character) ? 'a' : /[A-Z]/.test(character) ? 'A' : /\d/.test(character) ? '0' : '!').sort().join(''))
      .toBe('!0Aa');
  }
});

test('nothing left to choose from, or no room for each type, is refused', () => {
  const where = world();
  expect(where.refusal('secretsmanager', 'GetRandomPassword', { PasswordLength: 3 }).code).toBe('InvalidParameterException');
  const nothing = { ExcludeUppercase: true, ExcludeLowercase: true, ExcludePunctuation: true, ExcludeNumbers: true };
  expect(where.refusal('secretsmanager', 'GetRandomPassword', nothing).code).toBe('InvalidParameterException');
  expect(password(where, { PasswordLength: 1, RequireEachIncludedType: false })).toHaveLength(1);
});
