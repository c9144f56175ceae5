import { expressionOf } from './expression';
import type { Matches } from './matches';

/** `[ip, ..., status = 4*, bytes > 1000]`: words of a message by their place; `...` stands for any number of them. */
export function columnPattern(text: string): Matches {
  const columns = text.replace(/^\[|\]$/g, '').split(',').map((column) => column.trim());
  const rest = columns.indexOf('...');
  const before = (rest < 0 ? columns : columns.slice(0, rest)).map(testOf);
  const after = rest < 0 ? [] : columns.slice(rest + 1).map(testOf);
  return (message) => {
    const words = wordsOf(message);
    if (rest < 0 ? words.length !== columns.length : words.length < before.length + after.length) return false;
    const last = words.slice(words.length - after.length);
    return before.every((test, at) => test(words[at])) && after.every((test, at) => test(last[at]));
  };
}

/** What stands in quotes or in brackets is one word. */
function wordsOf(message: string): string[] {
  return (message.match(/"[^"]*"|\[[^\]]*\]|\S+/g) ?? []).map((word) => word.replace(/^["[]|["\]]$/g, ''));
}

function testOf(column: string): (word: string) => boolean {
  const parts = column.split(/\|\||&&/).map(conditionOf);
  return column.includes('||') ? (word) => parts.some((holds) => holds(word)) : (word) => parts.every((holds) => holds(word));
}

function conditionOf(column: string): (word: string) => boolean {
  const [, operator, value] = /^\s*\w+\s*(!=|<=|>=|=|<|>)\s*(.+?)\s*$/.exec(column) ?? [];
  switch (operator) {
    case '=': return (word) => expressionOf(value).test(word);
    case '!=': return (word) => !expressionOf(value).test(word);
    case '<': return (word) => Number(word) < Number(value);
    case '>': return (word) => Number(word) > Number(value);
    case '<=': return (word) => Number(word) <= Number(value);
    case '>=': return (word) => Number(word) >= Number(value);
    default: return () => true;
  }
}
