import { filterPattern } from '../../src/services/logs/pattern/pattern';

test.each([
  ['', 'anything', true],
  ['ERROR', 'an ERROR here', true],
  ['ERROR', 'an error here', false],
  ['ERROR timeout', 'timeout after ERROR', true],
  ['ERROR timeout', 'ERROR', false],
  ['"not found"', 'key not found', true],
  ['"not found"', 'found, not', false],
  ['ERROR -retry', 'ERROR, will retry', false],
  ['ERROR -retry', 'ERROR, giving up', true],
  ['?WARN ?ERROR', 'a WARN', true],
  ['?WARN ?ERROR', 'all is well', false],
  ['%E[0-9]+%', 'code E42', true],
  ['%E[0-9]+%', 'code E', false],
  ['{ $.level = "error" }', '{"level":"error"}', true],
  ['{ $.level = "error" }', '{"level":"info"}', false],
  ['{ $.level = "err*" }', '{"level":"error"}', true],
  ['{ $.level = "error" }', 'level = error', false],
  ['{ $.a.b >= 3 && $.c != "x" }', '{"a":{"b":3},"c":"y"}', true],
  ['{ $.a.b >= 3 && $.c != "x" }', '{"a":{"b":2},"c":"y"}', false],
  ['{ ($.a = 1) || ($.b IS TRUE) }', '{"b":true}', true],
  ['{ $.list[1] = "two" }', '{"list":["one","two"]}', true],
  ['{ $.a NOT EXISTS }', '{"b":1}', true],
  ['[ip, user, status = 4*]', '10.0.0.1 me 404', true],
  ['[ip, user, status = 4*]', '10.0.0.1 me 200', false],
  ['[ip, ..., bytes > 1000]', '10.0.0.1 a b c 1001', true],
  ['[ip, ..., bytes > 1000]', '10.0.0.1 a b c 1000', false],
])('the pattern %s on %s: %s', (pattern, message, found) => {
  expect(filterPattern(pattern)(message)).toBe(found);
});

test('a selector that breaks off is refused', () => {
  expect(() => filterPattern('{ $.a = ')).toThrow('Invalid filter pattern');
});
