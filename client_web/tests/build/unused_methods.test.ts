// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { readNames, unusedNames, without } from '../../build/unused_methods';

const unusedIn = (...files: string[]): string[] => [...unusedNames(files.map(readNames))].sort();

describe('methods that nothing calls', () => {
  it('are those whose name is written nowhere', () => {
    const vector = 'class V { add() {} sub() {} static of() {} get size() { return 1; } }';
    expect(unusedIn(vector, 'v.add(); v.size;')).toEqual(['of', 'sub']);
  });

  it('are also those that only such methods call', () => {
    expect(unusedIn('class A { a() { this.b(); } b() { this.c(); } c() { this.a(); } d() {} } x.d();')).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('are not those that are named in a string, by another class, or as a property', () => {
    expect(unusedIn('class A { a() {} b() {} c() {} }', "x['a'](); const { b } = x; y({ c: 1 });")).toEqual([]);
  });

  it('can be functions that a constructor puts on itself', () => {
    const code = 'class R { constructor() { this.draw = function () {}; this.read = () => { this.draw(); }; } }';
    expect(unusedIn(code)).toEqual(['draw', 'read']);
    expect(unusedIn(code, 'r.read()')).toEqual([]);
  });

  it('are never those that the language itself calls', () => {
    expect(unusedIn('class A { constructor() {} toString() {} then() {} [Symbol.iterator]() {} #own() {} }')).toEqual(
      [],
    );
  });

  it('are left out of the code, and nothing else is', () => {
    const code = 'class A { a() { return 1; } b() { return 2; } static c = 3; get d() { return 4; } }';
    expect(without(code, new Set(['a', 'd'])).replace(/\s+/g, ' ')).toBe('class A { b() { return 2; } static c = 3; }');
  });
});
