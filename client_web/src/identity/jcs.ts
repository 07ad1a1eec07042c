/**
 * The JSON Canonicalization Scheme (RFC 8785): one text for one value, so that a signature can cover it.
 *
 * ECMAScript writes numbers and strings as the scheme asks; what is left is the order of members, and to refuse what
 * other readers would understand differently: integers that lose digits, halves of surrogate pairs, and undefined.
 */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

export function canonicalize(value: Json | undefined): string {
  switch (typeof value) {
    case 'number':
      if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) break;
      return JSON.stringify(value);
    case 'string':
      if (/\p{Surrogate}/u.test(value)) break;
      return JSON.stringify(value);
    case 'boolean':
      return String(value);
    case 'object': {
      if (value === null) return 'null';
      if (isList(value)) return `[${value.map(canonicalize).join()}]`;
      const members = Object.keys(value).sort();
      return `{${members.map((name) => `${canonicalize(name)}:${canonicalize(value[name])}`).join()}}`;
    }
  }
  throw new TypeError('this value has no canonical form');
}

/** Narrower than `Array.isArray`, which forgets what a readonly list holds. */
function isList(value: readonly Json[] | JsonObject): value is readonly Json[] {
  return Array.isArray(value);
}
